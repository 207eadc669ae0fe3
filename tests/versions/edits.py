"""Kinds of edits people make in DolphinScheduler, how each is made, and the exact sentences a reader is shown for it.

docs/changes.md is this table for readers; a test holds both equal.
"""

from dataclasses import dataclass
from functools import partial

from tests.versions.acts import (
    Act,
    add_root_task,
    add_task,
    another_branch,
    draft,
    environment,
    form,
    global_params,
    insert_between,
    make_first,
    make_wait,
    move_boxes,
    off_and_on,
    params,
    password,
    remove_task,
    replace_task,
    schedule,
    shuffle,
    swap_branches,
    task,
    time_out,
    waits,
)
from tests.versions.workbench import HOURLY, LOAD, SCRIPT, WEEKLY, prop, wait_for


@dataclass(frozen=True)
class Edit:
    """`first` is what happens before the edit and is not compared. No sentence: no change."""

    name: str
    act: Act
    english: tuple[str, ...]
    chinese: tuple[str, ...]
    first: Act = lambda bench: None


scheduled = partial(Edit, first=lambda bench: bench.add_schedule())

EDITS = (
    Edit(
        "rename the workflow",
        form(name="orders"),
        ("Renamed from orders_daily to orders",),
        ("名称由 orders_daily 改为 orders",),
    ),
    Edit(
        "change the description",
        form(description="Orders of a day, by region"),
        ("Workflow: description Orders of a day → Orders of a day, by region",),
        ("工作流：描述 Orders of a day → Orders of a day, by region",),
    ),
    Edit(
        "rename a task",
        task("dedup", name="dedup_orders"),
        ("Task dedup renamed to dedup_orders",),
        ("任务 dedup 改名为 dedup_orders",),
    ),
    Edit(
        "describe a task",
        task("dedup", description="keeps the newest row"),
        ("Task dedup: description none → keeps the newest row",),
        ("任务 dedup：描述 无 → keeps the newest row",),
    ),
    Edit(
        "rename a task and change it",
        task("dedup", name="dedup_orders", failRetryTimes=2),
        ("Task dedup_orders: renamed from dedup, retries 0 → 2",),
        ("任务 dedup_orders：原名 dedup，重试次数 0 → 2",),
    ),
    Edit(
        "add a task behind another",
        add_task,
        (
            "Task archive added (SHELL, 2 lines)",
            "Dependency vip → archive added",
        ),
        (
            "新增任务 archive（SHELL，2 行）",
            "新增依赖 vip → archive",
        ),
    ),
    Edit(
        "add a task that waits for nothing",
        add_root_task,
        ("Task archive added (SHELL, 1 line)",),
        ("新增任务 archive（SHELL，1 行）",),
    ),
    Edit(
        "remove a task",
        draft(remove_task),
        (
            "Task route: branch otherwise standard → vip",
            "Task standard removed (SHELL, 1 line)",
            "Dependency route → standard removed",
        ),
        (
            "任务 route：默认分支 standard → vip",
            "删除任务 standard（SHELL，1 行）",
            "删除依赖 route → standard",
        ),
    ),
    Edit(
        "replace a task by one of another type",
        replace_task,
        (
            "Task dedup removed (SQL, 2 lines)",
            "Task check: no longer waits for dedup, waits for dedup_sh (SUCCESS)",
            "Task dedup_sh added (SHELL, 1 line)",
            "Dependency load_dwd → dedup removed",
            "Dependency dedup → check removed",
            "Dependency load_dwd → dedup_sh added",
            "Dependency dedup_sh → check added",
        ),
        (
            "删除任务 dedup（SQL，2 行）",
            "任务 check：不再等待 dedup，等待 dedup_sh（SUCCESS）",
            "新增任务 dedup_sh（SHELL，1 行）",
            "删除依赖 load_dwd → dedup",
            "删除依赖 dedup → check",
            "新增依赖 load_dwd → dedup_sh",
            "新增依赖 dedup_sh → check",
        ),
    ),
    Edit(
        "add a dependency",
        draft(lambda page: page.connect("extract", "report")),
        ("Dependency extract → report added",),
        ("新增依赖 extract → report",),
    ),
    Edit(
        "remove a dependency",
        draft(lambda page: (page.connect("extract", "report"), page.cut("check", "report"))),
        (
            "Dependency check → report removed",
            "Dependency extract → report added",
        ),
        (
            "删除依赖 check → report",
            "新增依赖 extract → report",
        ),
    ),
    Edit(
        "wire a task behind another one",
        draft(insert_between),
        (
            "Dependency load_dwd → dedup removed",
            "Dependency extract → dedup added",
        ),
        (
            "删除依赖 load_dwd → dedup",
            "新增依赖 extract → dedup",
        ),
    ),
    Edit(
        "let a task wait for nothing",
        draft(make_first),
        (
            "Dependency upstream → extract removed",
            "Task extract now begins with the workflow",
        ),
        (
            "删除依赖 upstream → extract",
            "任务 extract 改为随工作流启动",
        ),
    ),
    Edit("let a first task wait", draft(make_wait), ("Dependency report → child added",), ("新增依赖 report → child",)),
    Edit(
        "change a line of a script",
        params("extract", rawScript=SCRIPT.replace("done", "finished")),
        ("Task extract: script changed (+1 −1)",),
        ("任务 extract：脚本有改动（+1 −1）",),
    ),
    Edit(
        "change many lines of a script",
        params("extract", rawScript=SCRIPT + "echo more\n" * 30),
        ("Task extract: script changed (+30 −0)",),
        ("任务 extract：脚本有改动（+30 −0）",),
    ),
    Edit(
        "change the line endings of a script",
        params("extract", rawScript=SCRIPT.replace("\n", "\r\n")),
        ("Task extract: script: line endings LF → CRLF",),
        ("任务 extract：脚本：换行符 LF → CRLF",),
    ),
    Edit(
        "indent a script",
        params("extract", rawScript=SCRIPT.replace("echo", "  echo")),
        ("Task extract: script changed (+1 −1, only blanks)",),
        ("任务 extract：脚本有改动（+1 −1，仅空白）",),
    ),
    Edit(
        "drop the last line feed",
        params("extract", rawScript=SCRIPT.rstrip()),
        ("Task extract: script changed (+1 −1, line feed at the end removed)",),
        ("任务 extract：脚本有改动（+1 −1，末尾少了换行）",),
    ),
    Edit(
        "change a password in a script",
        password("hunter2"),
        ("Task extract: script changed (+1 −1)",),
        ("任务 extract：脚本有改动（+1 −1）",),
        first=password("hunter1"),
    ),
    Edit(
        "switch back to an older version in DolphinScheduler",
        lambda bench: bench.switch(1),
        ("Task extract: script changed (+0 −2)",),
        ("任务 extract：脚本有改动（+0 −2）",),
        first=params("extract", rawScript=SCRIPT + "echo more\n" * 2),
    ),
    Edit(
        "change a Python script",
        params("report", rawScript="import json\nprint(json.dumps({'a': 1}))\n"),
        ("Task report: script changed (+1 −1)",),
        ("任务 report：脚本有改动（+1 −1）",),
    ),
    Edit(
        "change the SQL",
        params("load_dwd", sql=LOAD.replace("amount", "amount, region")),
        ("Task load_dwd: SQL changed (+1 −1)",),
        ("任务 load_dwd：SQL 有改动（+1 −1）",),
    ),
    Edit(
        "change SQL and retries",
        draft(
            lambda page: (
                page.params("load_dwd").update(sql=f"{LOAD}limit 10\n"),
                page.tasks["load_dwd"].update(failRetryTimes=3),
            )
        ),
        ("Task load_dwd: SQL changed (+1 −0), retries 0 → 3",),
        ("任务 load_dwd：SQL 有改动（+1 −0），重试次数 0 → 3",),
    ),
    Edit(
        "take another data source",
        params("load_dwd", datasource=2),
        ("Task load_dwd: data source 1 → 2",),
        ("任务 load_dwd：数据源 1 → 2",),
    ),
    Edit(
        "take another type of data source",
        params("load_dwd", type="POSTGRESQL"),
        ("Task load_dwd: data source type MYSQL → POSTGRESQL",),
        ("任务 load_dwd：数据源类型 MYSQL → POSTGRESQL",),
    ),
    Edit(
        "make the SQL a query",
        params("load_dwd", sqlType="0"),
        ("Task load_dwd: kind of SQL not a query → query",),
        ("任务 load_dwd：SQL 类型 非查询 → 查询",),
    ),
    Edit(
        "add a statement before the SQL",
        params("load_dwd", preStatements=["set hive.exec.parallel=true"]),
        ('Task load_dwd: statement before "set hive.exec.parallel=true" added',),
        ('任务 load_dwd：新增前置语句 "set hive.exec.parallel=true"',),
    ),
    Edit(
        "change a parameter of a task",
        params("extract", localParams=[prop("dt", "$[yyyyMMdd]"), prop("n", "1")]),
        ("Task extract: parameter dt ${bizdate} → $[yyyyMMdd]",),
        ("任务 extract：参数 dt ${bizdate} → $[yyyyMMdd]",),
    ),
    Edit(
        "add a parameter to a task",
        params("load_dwd", localParams=[prop("dt", "${bizdate}")]),
        ("Task load_dwd: parameter dt added (${bizdate})",),
        ("任务 load_dwd：新增参数 dt（${bizdate}）",),
    ),
    Edit(
        "remove a parameter of a task",
        params("extract", localParams=[prop("dt", "${bizdate}")]),
        ("Task extract: parameter n removed",),
        ("任务 extract：删除参数 n",),
    ),
    Edit(
        "let a task put a parameter out",
        params("extract", localParams=[prop("dt", "${bizdate}"), prop("n", "1", "OUT")]),
        ("Task extract: parameter n 1 → 1 (OUT)",),
        ("任务 extract：参数 n 1 → 1（OUT）",),
    ),
    Edit(
        "change a secret parameter of a task",
        params("extract", localParams=[prop("db_password", "hunter2")]),
        ("Task extract: parameter db_password changed (secret:7366… → secret:f52f…)",),
        ("任务 extract：参数 db_password 有改动（secret:7366… → secret:f52f…）",),
        first=params("extract", localParams=[prop("db_password", "hunter1")]),
    ),
    Edit(
        "add a global parameter",
        global_params(prop("bizdate", "$[yyyyMMdd-1]"), prop("region", "cn"), prop("top", "10")),
        ("Parameter top added: 10",),
        ("新增参数 top：10",),
    ),
    Edit(
        "change a global parameter",
        global_params(prop("bizdate", "$[yyyyMMdd-2]"), prop("region", "cn")),
        ("Parameter bizdate: $[yyyyMMdd-1] → $[yyyyMMdd-2]",),
        ("参数 bizdate：$[yyyyMMdd-1] → $[yyyyMMdd-2]",),
    ),
    Edit(
        "remove a global parameter",
        global_params(prop("bizdate", "$[yyyyMMdd-1]")),
        ("Parameter region removed: cn",),
        ("删除参数 region：cn",),
    ),
    Edit(
        "reorder global parameters",
        global_params(prop("region", "cn"), prop("bizdate", "$[yyyyMMdd-1]")),
        ("Workflow: parameters in another order",),
        ("工作流：参数顺序有变",),
    ),
    Edit(
        "use a file of the resource centre",
        params("extract", resourceList=[{"id": 5}]),
        ("Task extract: resource #5 added",),
        ("任务 extract：新增资源 #5",),
    ),
    Edit(
        "change retries",
        task("extract", failRetryTimes=3),
        ("Task extract: retries 0 → 3",),
        ("任务 extract：重试次数 0 → 3",),
    ),
    Edit(
        "change the retry interval",
        task("extract", failRetryInterval=5),
        ("Task extract: retry interval 1 min → 5 min",),
        ("任务 extract：重试间隔 1 分钟 → 5 分钟",),
    ),
    Edit(
        "switch a time-out on",
        time_out(30, "WARN"),
        ("Task extract: time-out switched on (none → 30 min, alert)",),
        ("任务 extract：开启超时（无 → 30 分钟，告警）",),
    ),
    Edit(
        "switch a time-out off",
        task("extract", timeoutFlag="CLOSE", timeout=0, timeoutNotifyStrategy=""),
        ("Task extract: time-out switched off (30 min → none)",),
        ("任务 extract：关闭超时（30 分钟 → 无）",),
        first=time_out(30, "WARN"),
    ),
    Edit(
        "change the minutes of a time-out",
        time_out(45, "WARN"),
        ("Task extract: time-out 30 min → 45 min",),
        ("任务 extract：超时 30 分钟 → 45 分钟",),
        first=time_out(30, "WARN"),
    ),
    Edit(
        "change what a time-out does",
        time_out(30, "WARNFAILED"),
        ("Task extract: time-out action alert → alert and fail",),
        ("任务 extract：超时策略 告警 → 告警并失败",),
        first=time_out(30, "WARN"),
    ),
    Edit("disable a task", task("notify", flag="NO"), ("Task notify disabled",), ("任务 notify 已禁用",)),
    Edit(
        "disable a task on its own page",
        lambda bench: bench.release_task("notify", "OFFLINE"),
        ("Task notify disabled",),
        ("任务 notify 已禁用",),
    ),
    Edit(
        "enable a task again",
        task("notify", flag="YES"),
        ("Task notify enabled again",),
        ("任务 notify 重新启用",),
        first=task("notify", flag="NO"),
    ),
    Edit(
        "change a priority",
        task("extract", taskPriority="HIGHEST"),
        ("Task extract: priority medium → highest",),
        ("任务 extract：优先级 中 → 最高",),
    ),
    Edit(
        "change the worker group",
        task("extract", workerGroup="etl"),
        ("Task extract: worker group default → etl",),
        ("任务 extract：Worker 分组 default → etl",),
    ),
    Edit(
        "choose an environment",
        environment,
        ("Task extract: environment none → etl",),
        ("任务 extract：环境 无 → etl",),
    ),
    Edit(
        "delay a task",
        task("extract", delayTime=10),
        ("Task extract: delay none → 10 min",),
        ("任务 extract：延时 无 → 10 分钟",),
    ),
    Edit(
        "put a task into a task group",
        task("extract", taskGroupId=3, taskGroupPriority=1),
        ("Task extract: task group none → 3, priority in the task group 0 → 1",),
        ("任务 extract：任务组 无 → 3，组内优先级 0 → 1",),
    ),
    Edit(
        "limit CPU and memory",
        task("extract", cpuQuota=50, memoryMax=512),
        ("Task extract: CPU quota none → 50%, memory limit none → 512 MB",),
        ("任务 extract：CPU 配额 无 → 50%，内存上限 无 → 512 MB",),
    ),
    Edit(
        "change an HTTP address",
        params("notify", url="https://ops.example.org/v2/notify"),
        ("Task notify: URL https://ops.example.org/notify → https://ops.example.org/v2/notify",),
        ("任务 notify：URL https://ops.example.org/notify → https://ops.example.org/v2/notify",),
    ),
    Edit(
        "change an HTTP method",
        params("notify", httpMethod="POST"),
        ("Task notify: HTTP method GET → POST",),
        ("任务 notify：请求方法 GET → POST",),
    ),
    Edit(
        "add an HTTP parameter",
        params("notify", httpParams=[{"prop": "team", "httpParametersType": "PARAMETER", "value": "dw"}]),
        ("Task notify: HTTP parameter team added (dw)",),
        ("任务 notify：新增请求参数 team（dw）",),
    ),
    Edit(
        "swap the branches of a condition",
        draft(swap_branches),
        ("Task check: branch on failure notify → report, branch on success report → notify",),
        ("任务 check：失败分支 notify → report，成功分支 report → notify",),
    ),
    Edit(
        "add a branch to a switch",
        draft(another_branch),
        ('Task route: branch "${level} == 2" added (standard)',),
        ('任务 route：新增分支 "${level} == 2"（standard）',),
    ),
    Edit(
        "wait for another workflow",
        waits(wait_for(WEEKLY)),
        ("Task upstream: no longer waits for orders_hourly, waits for orders_weekly (today)",),
        ("任务 upstream：不再等待 orders_hourly，等待 orders_weekly（今天）",),
    ),
    Edit(
        "wait for one more workflow",
        waits(wait_for(HOURLY), wait_for(WEEKLY, "lastWeek")),
        ("Task upstream: waits for orders_weekly (group 2, AND) (last week)",),
        ("任务 upstream：等待 orders_weekly（第 2 组，且）（上周）",),
    ),
    Edit(
        "wait for another day",
        waits(wait_for(HOURLY, "last1Days")),
        ("Task upstream: waits for orders_hourly today → yesterday",),
        ("任务 upstream：等待 orders_hourly 今天 → 昨天",),
    ),
    Edit(
        "call another sub-workflow",
        params("child", processDefinitionCode=WEEKLY),
        ("Task child: sub-workflow orders_hourly → orders_weekly",),
        ("任务 child：子工作流 orders_hourly → orders_weekly",),
    ),
    Edit("change the tenant", form(tenantCode="etl"), ("Workflow: tenant daily → etl",), ("工作流：租户 daily → etl",)),
    Edit(
        "run one after the other",
        form(executionType="SERIAL_WAIT"),
        ("Workflow: execution of runs parallel → serial, wait",),
        ("工作流：执行策略 并行 → 串行等待",),
    ),
    Edit(
        "give the workflow a time-out",
        form(timeout=120),
        ("Workflow: time-out none → 120 min",),
        ("工作流：超时 无 → 120 分钟",),
    ),
    Edit(
        "add a schedule",
        lambda bench: bench.add_schedule(),
        ("Schedule added: 0 0 1 * * ? *",),
        ("新增调度：0 0 1 * * ? *",),
    ),
    scheduled(
        "remove the schedule",
        lambda bench: bench.remove_schedule(),
        ("Schedule removed: 0 0 1 * * ? *",),
        ("删除调度：0 0 1 * * ? *",),
    ),
    scheduled(
        "change the cron",
        schedule(crontab="0 0 3 * * ? *"),
        ("Schedule 0 0 1 * * ? * → 0 0 3 * * ? *",),
        ("调度 0 0 1 * * ? * → 0 0 3 * * ? *",),
    ),
    scheduled(
        "change the time zone",
        schedule(timezoneId="Asia/Shanghai"),
        ("Schedule: time zone UTC → Asia/Shanghai",),
        ("调度：时区 UTC → Asia/Shanghai",),
    ),
    scheduled(
        "start later",
        schedule(startTime="2026-06-01 00:00:00"),
        ("Schedule: start 2026-01-01 00:00:00 → 2026-06-01 00:00:00",),
        ("调度：开始 2026-01-01 00:00:00 → 2026-06-01 00:00:00",),
    ),
    scheduled(
        "end earlier",
        schedule(endTime="2030-01-01 00:00:00"),
        ("Schedule: end 2099-01-01 00:00:00 → 2030-01-01 00:00:00",),
        ("调度：结束 2099-01-01 00:00:00 → 2030-01-01 00:00:00",),
    ),
    scheduled(
        "end the run at a failure",
        schedule(failureStrategy="END"),
        ("Schedule: failure strategy continue → end the run",),
        ("调度：失败策略 继续 → 结束运行",),
    ),
    scheduled(
        "alert on failure",
        schedule(warningType="FAILURE"),
        ("Schedule: alert never → on failure",),
        ("调度：告警 从不 → 失败时",),
    ),
    scheduled(
        "run in another worker group",
        schedule(workerGroup="etl"),
        ("Schedule: worker group default → etl",),
        ("调度：Worker 分组 default → etl",),
    ),
    scheduled(
        "raise the priority of runs",
        schedule(processInstancePriority="HIGH"),
        ("Schedule: priority of runs medium → high",),
        ("调度：流程优先级 中 → 高",),
    ),
    scheduled("schedule online", lambda bench: bench.schedule_state("online"), (), ()),
    scheduled(
        "schedule offline",
        lambda bench: bench.schedule_state("offline"),
        (),
        (),
        first=lambda bench: (bench.add_schedule(), bench.schedule_state("online")),
    ),
    Edit("online and offline", off_and_on, (), ()),
    Edit("save without a change", draft(lambda page: None), (), ()),
    Edit("reorder tasks and edges", draft(shuffle), (), ()),
    Edit("move three boxes", draft(move_boxes), (), ()),
)
