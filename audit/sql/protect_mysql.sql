-- Triggers that forbid UPDATE and DELETE on the audit trail, for MySQL and MariaDB. Run by a DBA in the service's database;
-- safe to run again. The same as `manage.py audit_protect` prints.
DROP TRIGGER IF EXISTS audit_entry_no_update;
CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'rows of audit_entry are final';
DROP TRIGGER IF EXISTS audit_entry_no_delete;
CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'rows of audit_entry are final';
DROP TRIGGER IF EXISTS audit_seal_no_update;
CREATE TRIGGER audit_seal_no_update BEFORE UPDATE ON audit_seal FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'rows of audit_seal are final';
DROP TRIGGER IF EXISTS audit_seal_no_delete;
CREATE TRIGGER audit_seal_no_delete BEFORE DELETE ON audit_seal FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'rows of audit_seal are final';
