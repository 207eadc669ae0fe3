"""One rollback as it is asked for: what is there, what would be there afterwards. Read once, for all that judge it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Self

from django.utils import timezone

from audit.actors import Actor
from catalog.models import Workflow
from definitions.document import Document
from definitions.recode import Aliases
from rollback.choices_of import Choices
from rollback.impact.look import Look
from snapshotter.aliases import aliases_of
from snapshotter.choices import ScheduleChoice
from snapshotter.models import Snapshot, WorkflowState
from snapshotter.states_after import States, states_after
from snapshotter.store import document_of, schedule_of

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Prospect:
    """`look` None: what is live can't be told, and `unseen_because` says why. What is read lazily raises ContentDamaged."""

    workflow: Workflow
    target: Snapshot
    choices: Choices
    reader: Actor
    look: Look | None
    unseen_because: str
    state: WorkflowState
    now: datetime

    @classmethod
    def of(
        cls, workflow: Workflow, target: Snapshot, choices: Choices, reader: Actor, look: Look | None, because: str
    ) -> Self:
        state = WorkflowState.objects.select_related("published", "lock").filter(workflow=workflow).first()
        return cls(
            workflow=workflow,
            target=target,
            choices=choices,
            reader=reader,
            look=look,
            unseen_because=because,
            state=state or WorkflowState(workflow=workflow),
            now=timezone.now(),
        )

    @property
    def published(self) -> Snapshot | None:
        return self.state.published

    @cached_property
    def target_document(self) -> Document:
        return document_of(self.target)

    @cached_property
    def present_tasks(self) -> dict[int, Json]:
        """Return the tasks that are live, or else those of the published version."""
        if self.look is not None and self.look.canonical is not None:
            return self.look.canonical.document.tasks
        return document_of(self.published).tasks if self.published is not None else {}

    @cached_property
    def aliases(self) -> Aliases:
        """Return what its tasks' codes in DolphinScheduler stand for: tasks are held by their origin codes."""
        return aliases_of(self.workflow)

    # --- release states
    @property
    def online_now(self) -> bool:
        shown = self.look.online if self.look is not None else None
        return bool(self.state.expected_online) if shown is None else shown

    @cached_property
    def after(self) -> States:
        return states_after(
            States(online=self.online_now, schedule=self.schedule_on_now),
            (self.state.expected_online, self.state.expected_schedule_online),
            online=self.choices.online,
            schedule=self.choices.schedule,
            schedule_state=self.choices.schedule_state,
            has_schedule=self.schedule_after is not None,
        )

    @property
    def online_after(self) -> bool:
        return self.after.online

    # --- the schedule
    @cached_property
    def schedule_now(self) -> Json | None:
        """Return what is live, or the published one where that can't be told, or is corrupt."""
        if self.look is not None and self.look.canonical is not None:
            return self.look.canonical.document.schedule
        if self.look is not None and not self.look.is_there:
            return None
        return schedule_of(self.published) if self.published is not None else None

    @cached_property
    def schedule_after(self) -> Json | None:
        """A schedule that was deleted in DolphinScheduler comes back with the publish, as it was published."""
        if self.choices.schedule == ScheduleChoice.FROM_DEFINITION:
            return schedule_of(self.target)
        if self.schedule_now is None and self.published is not None:
            return schedule_of(self.published)
        return self.schedule_now

    @property
    def schedule_on_now(self) -> bool:
        """Whether the schedule is online, over a workflow of either state."""
        is_seen = self.look is not None and (self.look.canonical is not None or not self.look.is_there)
        shown = self.look.schedule_online if self.look and is_seen else self.state.expected_schedule_online
        return bool(shown) and self.schedule_now is not None

    @property
    def schedule_on_after(self) -> bool:
        return self.after.schedule

    @property
    def fires_now(self) -> bool:
        return self.online_now and self.schedule_on_now

    @property
    def fires_after(self) -> bool:
        return self.online_after and self.schedule_on_after

    # --- what is written
    @property
    def writes_content(self) -> bool:
        """Whether DolphinScheduler's definition is written at all, which takes the workflow offline for a moment."""
        shown = self.look.canonical if self.look is not None else None
        if shown is None or shown.content_hash != self.target.content_hash or self.is_renamed:
            return True
        layout = self.target if self.choices.with_layout else (self.published or self.target)
        return shown.layout_hash != layout.layout_hash

    @property
    def label(self) -> str:
        """The name afterwards: the version's, or the one that is published."""
        return self.target.label if self.choices.with_name or self.published is None else self.published.label

    @property
    def label_now(self) -> str:
        shown = self.look.canonical if self.look is not None else None
        return shown.document.name if shown is not None else self.workflow.name

    @property
    def is_renamed(self) -> bool:
        return self.label != self.label_now

    @property
    def writes_schedule(self) -> bool:
        return self.schedule_after != self.schedule_now
