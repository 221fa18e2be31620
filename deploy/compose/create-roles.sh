#!/bin/sh
# Run by the PostgreSQL image on an empty volume: the roles of deploy/postgres/roles.sql.
set -eu
psql --username "$POSTGRES_USER" --dbname postgres --no-psqlrc \
  -v owner_password="$OWNER_PASSWORD" \
  -v council_password="$COUNCIL_PASSWORD" \
  -v registrar_password="$REGISTRAR_PASSWORD" \
  -v ballot_box_password="$BALLOT_BOX_PASSWORD" \
  -v board_password="$BOARD_PASSWORD" \
  -v election_password="$ELECTION_PASSWORD" \
  -v tally_password="$TALLY_PASSWORD" \
  -v minutes_password="$MINUTES_PASSWORD" \
  -f /opt/phieukin/roles.sql
