-- Roles and database of Phiếu Kín, for operators who keep the owner's password out of the service.
-- Run once as a superuser, PostgreSQL 15 or newer; psql asks for the eight passwords, or takes
-- them as variables (-v owner_password=…):
--
--   psql -f roles.sql
--
-- Then run `phieukin serve --prepare-database` once with PHIEUKIN_DATABASE_URL (the owner) and all
-- PHIEUKIN_DATABASE_URL_<PARTY>, and start the service with the latter only.

\set ON_ERROR_STOP on
\if :{?owner_password}
\else
\prompt 'password of phieukin_owner: ' owner_password
\endif
\if :{?council_password}
\else
\prompt 'password of phieukin_council: ' council_password
\endif
\if :{?registrar_password}
\else
\prompt 'password of phieukin_registrar: ' registrar_password
\endif
\if :{?ballot_box_password}
\else
\prompt 'password of phieukin_ballot_box: ' ballot_box_password
\endif
\if :{?board_password}
\else
\prompt 'password of phieukin_board: ' board_password
\endif
\if :{?election_password}
\else
\prompt 'password of phieukin_election: ' election_password
\endif
\if :{?tally_password}
\else
\prompt 'password of phieukin_tally: ' tally_password
\endif
\if :{?minutes_password}
\else
\prompt 'password of phieukin_minutes: ' minutes_password
\endif

CREATE ROLE phieukin_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE phieukin_council LOGIN PASSWORD :'council_password';
CREATE ROLE phieukin_registrar LOGIN PASSWORD :'registrar_password';
CREATE ROLE phieukin_ballot_box LOGIN PASSWORD :'ballot_box_password';
CREATE ROLE phieukin_board LOGIN PASSWORD :'board_password';
CREATE ROLE phieukin_election LOGIN PASSWORD :'election_password';
CREATE ROLE phieukin_tally LOGIN PASSWORD :'tally_password';
CREATE ROLE phieukin_minutes LOGIN PASSWORD :'minutes_password';

ALTER ROLE phieukin_council SET search_path = council;
ALTER ROLE phieukin_registrar SET search_path = registrar;
ALTER ROLE phieukin_ballot_box SET search_path = ballot_box;
ALTER ROLE phieukin_board SET search_path = board;
ALTER ROLE phieukin_election SET search_path = election;
ALTER ROLE phieukin_tally SET search_path = tally;
ALTER ROLE phieukin_minutes SET search_path = minutes;

-- A failing statement in the server's log would stand there with its time, and two of them side
-- by side could join a person and a ballot: statements of these roles are never logged.
ALTER ROLE phieukin_council SET log_min_error_statement = 'panic';
ALTER ROLE phieukin_registrar SET log_min_error_statement = 'panic';
ALTER ROLE phieukin_ballot_box SET log_min_error_statement = 'panic';
ALTER ROLE phieukin_board SET log_min_error_statement = 'panic';
ALTER ROLE phieukin_election SET log_min_error_statement = 'panic';
ALTER ROLE phieukin_tally SET log_min_error_statement = 'panic';
ALTER ROLE phieukin_minutes SET log_min_error_statement = 'panic';
ALTER ROLE phieukin_council SET log_min_messages = 'fatal';
ALTER ROLE phieukin_registrar SET log_min_messages = 'fatal';
ALTER ROLE phieukin_ballot_box SET log_min_messages = 'fatal';
ALTER ROLE phieukin_board SET log_min_messages = 'fatal';
ALTER ROLE phieukin_election SET log_min_messages = 'fatal';
ALTER ROLE phieukin_tally SET log_min_messages = 'fatal';
ALTER ROLE phieukin_minutes SET log_min_messages = 'fatal';
ALTER ROLE phieukin_council SET log_statement = 'none';
ALTER ROLE phieukin_registrar SET log_statement = 'none';
ALTER ROLE phieukin_ballot_box SET log_statement = 'none';
ALTER ROLE phieukin_board SET log_statement = 'none';
ALTER ROLE phieukin_election SET log_statement = 'none';
ALTER ROLE phieukin_tally SET log_statement = 'none';
ALTER ROLE phieukin_minutes SET log_statement = 'none';

CREATE DATABASE phieukin OWNER phieukin_owner TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE phieukin FROM PUBLIC;
GRANT CONNECT ON DATABASE phieukin TO
  phieukin_council, phieukin_registrar, phieukin_ballot_box, phieukin_board, phieukin_election,
  phieukin_tally, phieukin_minutes;
