-- The two tables of a Synapse homeserver that blindbook_synapse.threepids reads, as its schema 72 has them in SQLite and in
-- PostgreSQL, with a user for each reason to be found or not. agreed.txt holds who agreed.
CREATE TABLE users (
  name TEXT, password_hash TEXT, creation_ts BIGINT, admin SMALLINT DEFAULT 0 NOT NULL, upgrade_ts BIGINT,
  is_guest SMALLINT DEFAULT 0 NOT NULL, appservice_id TEXT, consent_version TEXT, consent_server_notice_sent TEXT,
  user_type TEXT DEFAULT NULL, deactivated SMALLINT DEFAULT 0 NOT NULL, shadow_banned BOOLEAN, consent_ts BIGINT,
  UNIQUE (name));
CREATE TABLE user_threepids (
  user_id TEXT NOT NULL, medium TEXT NOT NULL, address TEXT NOT NULL, validated_at BIGINT NOT NULL, added_at BIGINT NOT NULL,
  CONSTRAINT medium_address UNIQUE (medium, address));
INSERT INTO users (name, is_guest, deactivated) VALUES
  ('@anna:city.example', 0, 0), ('@ben:city.example', 0, 0), ('@carla:city.example', 0, 1), ('@17:city.example', 1, 0),
  ('@emil:city.example', 0, 0), ('@fritz:city.example', 0, 0), ('@gerda:city.example', 0, 0);
INSERT INTO user_threepids VALUES
  ('@anna:city.example', 'msisdn', '493023125001', 1, 1), ('@anna:city.example', 'email', 'anna@mail.example', 1, 1),
  ('@ben:city.example', 'msisdn', '493023125002', 1, 1), ('@carla:city.example', 'msisdn', '493023125003', 1, 1),
  ('@17:city.example', 'msisdn', '493023125004', 1, 1), ('@emil:city.example', 'email', 'emil@mail.example', 1, 1),
  ('@fritz:city.example', 'msisdn', '493023125006', 1, 1), ('@fritz:city.example', 'msisdn', '493023125007', 1, 1),
  ('@gerda:city.example', 'msisdn', '+4930', 1, 1), ('@gone:city.example', 'msisdn', '493023125009', 1, 1);
