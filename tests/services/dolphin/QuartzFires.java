import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.Scanner;
import java.util.TimeZone;
import org.quartz.CronExpression;

/** Reads lines "zone|start instant|expression", prints for each the next eight fires as Quartz reckons them, or "refused". */
public class QuartzFires {
    public static void main(String[] arguments) {
        Scanner lines = new Scanner(System.in);
        while (lines.hasNextLine()) {
            String line = lines.nextLine();
            String[] parts = line.split("\\|", 3);
            StringBuilder answer = new StringBuilder(line);
            try {
                CronExpression cron = new CronExpression(parts[2]);
                cron.setTimeZone(TimeZone.getTimeZone(parts[0]));
                Date moment = Date.from(Instant.parse(parts[1]));
                for (int count = 0; count < 8 && moment != null; count++) {
                    moment = cron.getNextValidTimeAfter(moment);
                    answer.append("|").append(moment == null ? "never" : moment.toInstant().toString());
                }
            } catch (ParseException error) {
                answer.append("|refused");
            }
            System.out.println(answer);
        }
    }
}
