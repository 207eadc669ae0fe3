"""The sentences of definitions, dolphin and catalog that a reader may see, for `say`. A test holds them against the code."""

from typing import Final

from django.utils.translation import gettext_noop as _

DEFINITION: Final = (
    _("the body is larger than %(limit)s bytes"),
    _("the body ended early"),
    _("unknown key %(key)s; c1 has %(keys)s"),
    _("unknown key %(key)s; a form has %(keys)s"),
    _("scheme must be %(scheme)s"),
    _("must be a list"),
    _("must be a JSON object"),
    _("taskParams must be a JSON object"),
    _("taskType must be text"),
    _("must be text"),
    _("an environment's code is a whole number below 2^63, -1 for none"),
    _("%(key)s must be a whole number"),
    _("%(key)s is no task code"),
    _("%(text)s is not a JSON number"),
    _("%(text)s is too large a number"),
    _("a number of %(digits)s digits is too large"),
    _("a number is not finite: %(error)s"),
    _("%(size)s bytes; at most %(most)s are taken"),
    _("%(count)s tasks; at most %(most)s are taken"),
    _("text holds a lone surrogate or a NUL character"),
    _("text holds a lone surrogate, which is not Unicode"),
    _("not valid JSON: %(error)s at line %(line)s column %(column)s"),
    _("not UTF-8 at byte %(byte)s"),
    _("nested too deeply"),
    _("nested deeper than %(most)s levels"),
    _("the key %(key)s stands twice in one object"),
    _("a workflow has at least one task"),
    _("a name that is not blank is needed"),
    _("the name has %(count)s characters; DolphinScheduler keeps at most %(most)s"),
    _("a code is a positive whole number below 2^63, not %(code)s"),
    _("task %(code)s stands in no relation as postTaskCode; DolphinScheduler would drop it (a root has preTaskCode 0)"),
    _("a schedule needs this as text"),
    _("%(end)s must be a whole number, not %(value)s"),
    _("postTaskCode %(code)s is no task of this workflow"),
    _("preTaskCode %(code)s is no task of this workflow"),
    _("tasks depend on each other in a circle: %(codes)s"),
    _(
        "not a definition: expected c1 (scheme, definitions), DagData (taskDefinitionList) or a form (taskDefinitionJson)"
    ),
)

DOLPHIN: Final = (
    _("DolphinScheduler can't be reached (%(error)s)"),
    _("DolphinScheduler refuses the token (HTTP 401)"),
    _("DolphinScheduler refuses the token"),
    _("DolphinScheduler refused with %(code)s: %(message)s"),
    _("DolphinScheduler answered HTTP %(status)s"),
    _("DolphinScheduler answered %(code)s: %(message)s"),
    _("the answer to a write never came (%(error)s)"),
    _("HTTP %(status)s with %(kind)s instead of JSON"),
    _("JSON that is not DolphinScheduler's envelope"),
    _("the answer is larger than %(most)s bytes"),
    _("the answer did not end in time"),
    _("an answer that can't be read: %(problem)s"),
    _("an answer that can't be understood (%(error)s)"),
    _("an answer without the expected list"),
    _("a list of %(total)s rows shows %(shown)s of them, however it is asked for"),
    _("an answer without the expected object"),
    _("the created workflow has no code in the answer"),
)

PLAN: Final = (
    _("the workflow does not exist yet"),
    _("the workflow was deleted in DolphinScheduler meanwhile"),
    _("the content is neither the former nor the new one"),
    _("the schedule is neither the former nor the new one"),
    _("DolphinScheduler holds task rows twice; no update can succeed"),
    _("older versions of the doubled tasks make it writable again"),
    _("the content is still the former one"),
    _("an update needs the workflow offline"),
    _("it sleeps, and would wake before the new state is proven"),
    _("a schedule can be created only on an online workflow"),
    _("there is no schedule yet"),
    _("a schedule can be changed only while it is offline"),
    _("there is to be no schedule"),
    _("the schedule is still the former one"),
    _("it must not fire before the workflow is what it should be"),
    _("the workflow is to be online"),
    _("the workflow is to be offline"),
    _("the schedule is to be online"),
)

SHAPE: Final = (
    _("task %(code)s stands %(count)s times in the definition"),
    _("a relation names version %(named)s of task %(code)s, not %(version)s"),
    _("the workflow has %(count)s schedules; DolphinScheduler's own pages break on that"),
    _("the definition can't be read: %(problem)s"),
    _("task %(code)s has no older version to go back to; give it a new code in the definition"),
)

# What the planner calls its steps; a journal holds them so.
ACTIONS: Final = (
    _("read"),
    _("create"),
    _("write"),
    _("cure"),
    _("take_offline"),
    _("put_online"),
    _("create_schedule"),
    _("update_schedule"),
    _("delete_schedule"),
    _("take_schedule_offline"),
    _("put_schedule_online"),
)

CATALOG: Final = (
    _("A workflow key has 1 to 190 letters (of any script), digits, '_', '-' or '.', and is not only dots."),
    _("A role is one of %(roles)s."),
    _("This project is governed already."),
)

# Reasons of entries that signing in leaves, behind the source: "ldap: first sign-in".
SIGN_IN: Final = (
    _("no id came with the person"),
    _("in none of the required groups"),
    _("a service account never signs in"),
    _("the account is disabled"),
    _("the name can't be an account's"),
    _("the name is that of an account not linked with it"),
    _("first sign-in"),
    _("the next sign-in by this name"),
    _("the first sign-in by this name"),
    _("groups of the directory"),
)

SENTENCES: Final = (*DEFINITION, *DOLPHIN, *PLAN, *SHAPE, *ACTIONS, *CATALOG, *SIGN_IN)
