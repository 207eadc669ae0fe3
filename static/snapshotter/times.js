// Times in the reader's own zone: on hover everywhere, in the text where it is exact. Without scripts they stay in the server's zone, named.
const zone = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "full", timeStyle: "long" });
const two = (number) => String(number).padStart(2, "0");

const named = new Intl.DateTimeFormat("en", { timeZoneName: "short" });
const name = (moment) => named.formatToParts(moment).find((part) => part.type === "timeZoneName").value;

export function refreshTimes() {
  for (const time of document.querySelectorAll("time[datetime]")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    time.title = zone.format(moment);
    if (time.classList.contains("exact")) {
      const day = [moment.getFullYear(), two(moment.getMonth() + 1), two(moment.getDate())].join("-");
      time.textContent = `${day} ${two(moment.getHours())}:${two(moment.getMinutes())} ${name(moment)}`;
    } else if (time.classList.contains("clock")) {
      time.textContent = [moment.getHours(), moment.getMinutes(), moment.getSeconds()].map(two).join(":");
    }
  }
}

refreshTimes();
