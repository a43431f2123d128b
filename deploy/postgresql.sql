-- Role and database of the product; a second run changes nothing. As the server's superuser:
--   runuser -u postgres -- psql -v ON_ERROR_STOP=1 -f deploy/postgresql.sql
-- The role has no password: it comes in through the machine's own socket, as the account of the same name.
SELECT 'CREATE ROLE sanliang LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sanliang') \gexec
SELECT $$CREATE DATABASE sanliang OWNER sanliang ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' TEMPLATE template0$$
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'sanliang') \gexec
REVOKE CONNECT ON DATABASE sanliang FROM PUBLIC;
\connect sanliang
-- The shuffle of ballots ends with a checkpoint and clears the write-ahead log.
GRANT pg_checkpoint TO sanliang;
GRANT EXECUTE ON FUNCTION pg_switch_wal(), pg_ls_waldir() TO sanliang;
