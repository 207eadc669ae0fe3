"""Running the service: the embedded worker, the demo, the doctor.

Enters: commands of an operator. Leaves: processes, reports.
Only `config` may import it.
"""
