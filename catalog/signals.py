"""Changes of instances, projects and workflows by hand are audited field by field, tokens left out."""

from auditlog.registry import auditlog

from catalog.models import Instance, Project, Workflow

auditlog.register(Instance, exclude_fields=["token_encrypted", "checked_at"])
auditlog.register(Project)
auditlog.register(Workflow)
