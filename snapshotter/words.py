"""The sentences of snapshotter that are kept in English and shown to a reader, for `say`. A test holds them against the code."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_noop as _

from snapshotter.preflight.words import WORDS

SYNC: Final = (
    _("The workflow was deleted in DolphinScheduler."),
    _("DolphinScheduler has no such workflow any more."),
    _("The project has no workflow of the confirmed code."),
    _("What was read back is not what was written."),
    _("DolphinScheduler answered with success, and nothing has changed."),
    _("DolphinScheduler was sent this three times, never answered, and has not done it."),
    _("The created workflow, code %(code)s, was taken under governance by another key meanwhile."),
    _("No instance has this name."),
    _("DolphinScheduler shows one thing now and another the next moment."),
    _("nothing was captured"),
    _("The platform did not say how its publish ended in time."),
    _("DolphinScheduler was changed after this was asked for. Look again, and ask again."),
    _("Waits until running instances end: %(count)s."),
    _("Running instances did not end within two hours: %(count)s. Ask again without waiting, or stop them."),
    _("Cancelled before anything was sent to DolphinScheduler."),
    _("Freed before anything was sent to DolphinScheduler."),
    _("The workflow was freed before its platform said how its publish ended."),
    _("The workflow was freed by a person while this was half done; what DolphinScheduler holds was not looked at."),
    _(
        "%(who)s holds this workflow since %(since)s: %(parts)s, number %(sync)s. Try again when it has ended. "
        "The workflow's page says how it stands; whoever manages the project can free one that is stuck."
    ),
    _("%(problems)s. Mend it in DolphinScheduler: one schedule and readable fields."),
    _("%(problems)s. Force with a reason to repair it: its code and tasks are kept."),
    _(
        "DolphinScheduler was changed since version %(version)s (%(parts)s). "
        "Capture it and publish on top, or force with a reason."
    ),
    _(
        "DolphinScheduler has another workflow of this name, code %(code)s (upper and lower case count as the same). "
        "Give this one another name, or name that code to publish over it."
    ),
    _("DolphinScheduler does not hold the draft: %(changes)s. It is at version %(version)s, %(said)s was confirmed."),
    _("DolphinScheduler does not hold the draft: %(changes)s."),
    _("DolphinScheduler has the workflow (again). Capture it, then compare."),
    _("DolphinScheduler has the workflow in the project %(project)s now."),  # kept by syncs of earlier releases
    _(
        "DolphinScheduler has the workflow in another project now. Its restore page says which, to who may see that one."
    ),
    _("And %(count)s more."),
)

# The kinds of change in the text above; "and n more" ends its list.
CHANGES: Final = (
    _("%(changes)s and %(count)s more"),
    _("task_added %(name)s"),
    _("task_removed %(name)s"),
    _("task_renamed %(name)s"),
    _("task_modified %(name)s"),
    _("relation_added %(name)s"),
    _("relation_removed %(name)s"),
    _("parameter_added %(name)s"),
    _("parameter_removed %(name)s"),
    _("parameter_changed %(name)s"),
    _("setting_changed %(name)s"),
    _("schedule_added"),
    _("schedule_removed"),
    _("schedule_changed %(name)s"),
    _("schedule_changed"),
    _("label_changed %(name)s"),
    _("label_changed"),
    _("layout_changed %(name)s"),
    _("layout_changed"),
)

REQUEST: Final = (
    _("A freeze needs a reason."),
    _("A freeze ends after it starts."),
    _("A weekly freeze can't last the whole week."),
    _("A weekly freeze needs the name of a time zone, such as Asia/Shanghai."),
    _("Give from and to, or the weekdays and times of a weekly freeze."),
    _("The workflow belongs to another project."),
    _("The workflow is bound to another DolphinScheduler code."),
    _("The workflow is not in DolphinScheduler."),
    _("A webhook's address is http or https, plain ASCII, at most %(most)s long."),
    _("A webhook's address holds no user, password or fragment."),
    _("No workflow has this key. Name its project to publish it for the first time."),
    _("No workflow has this key. Name project and workflow_code to capture it for the first time."),
    _("No governed project has this code."),
    _("schedule is from_definition, but the definition holds no schedule."),
    _("In record mode the first publish names its DolphinScheduler code."),
    _("wait is a whole number of seconds, 0 to %(most)s."),
    _("page_size is a whole number from 1; a page has at most %(most)s."),
    _("The cursor is none that this list gave. Start again without it."),
    _("An Idempotency-Key has at most %(most)s characters."),
    _("Giving up needs a reason: what was seen, what was done."),
    _("Putting back needs a reason."),
    _("Freeing a workflow needs a reason."),
    _("A quarantine needs a reason."),
    _("This workflow has no published version to put back."),
    _("Only a failed publish can be retried."),
    _("A code has 1 to 64 letters, digits, '_', '.', ':' or '-'."),
    _("a masked value stands here; give the real one"),
    _("two task codes stand for one task"),
    _("task %(task)s has another code in DolphinScheduler now, and others have theirs here"),
    _("Restoring needs a reason."),
    _("This workflow has no published version."),
    _("The workflow was never in DolphinScheduler: publish it."),
    _("What schedule this version had is not known. Keep the published one, or none."),
    _("Rebinding needs a reason."),
    _("The workflow is not in that project."),
    _("The project has no readable workflow of this code."),
    _("DolphinScheduler has the workflow under its own code: there is nothing to rebind."),
    _("DolphinScheduler has the workflow in another project: rebind it with its own code to that one."),
)

# Steps and outcomes of a journal that are not the planner's.
JOURNAL: Final = (_("preflight"), _("platform"), _("no_effect"), _("settled"))

SENTENCES: Final[tuple[str | Promise, ...]] = (*SYNC, *CHANGES, *REQUEST, *JOURNAL, *WORDS.values())
