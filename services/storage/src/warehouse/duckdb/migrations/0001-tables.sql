-- The index over the records of the object store. Every table has one row per id, merged by it; nothing here is truth.
-- Times are in UTC. Money is in millionths of a US dollar; NULL is unknown, which is not zero.

CREATE TABLE images (
  id VARCHAR NOT NULL,
  team VARCHAR NOT NULL,
  project VARCHAR NOT NULL,
  generation VARCHAR NOT NULL,
  subject_id VARCHAR NOT NULL,
  labels JSON NOT NULL,
  origin VARCHAR NOT NULL,
  model VARCHAR NOT NULL,
  prompt VARCHAR NOT NULL,
  seed BIGINT,
  round INTEGER NOT NULL,
  candidate_key VARCHAR NOT NULL,
  uri VARCHAR NOT NULL,
  stable_url VARCHAR NOT NULL,
  sha256 VARCHAR NOT NULL,
  received_sha256 VARCHAR NOT NULL,
  perceptual_hash UBIGINT,
  media_type VARCHAR NOT NULL,
  size_bytes BIGINT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  create_time TIMESTAMP NOT NULL,
  delete_time TIMESTAMP,
  revision BIGINT NOT NULL,
  record VARCHAR NOT NULL
);
COMMENT ON TABLE images IS 'Committed images; deleted ones stay as tombstones.';
COMMENT ON COLUMN images.id IS 'images/{id}';
COMMENT ON COLUMN images.origin IS 'GENERATED, UPLOADED or FETCHED.';
COMMENT ON COLUMN images.stable_url IS 'Address for people; it authenticates and redirects.';
COMMENT ON COLUMN images.sha256 IS 'Digest of the stored bytes.';
COMMENT ON COLUMN images.received_sha256 IS 'Digest of the bytes as they came, where the platform changed them.';
COMMENT ON COLUMN images.perceptual_hash IS '64-bit difference hash; pictures that look the same differ in few bits.';
COMMENT ON COLUMN images.record IS 'atelier.storage.v1.Image as JSON.';

CREATE TABLE generations (
  id VARCHAR NOT NULL,
  team VARCHAR NOT NULL,
  project VARCHAR NOT NULL,
  subject_id VARCHAR NOT NULL,
  labels JSON NOT NULL,
  task VARCHAR NOT NULL,
  model VARCHAR NOT NULL,
  template_version VARCHAR NOT NULL,
  rubric_version VARCHAR NOT NULL,
  state VARCHAR NOT NULL,
  outcome VARCHAR NOT NULL,
  stop_reason VARCHAR NOT NULL,
  rounds INTEGER NOT NULL,
  results INTEGER NOT NULL,
  approved_results INTEGER NOT NULL,
  first_image VARCHAR NOT NULL,
  micro_usd BIGINT,
  cost_incomplete BOOLEAN NOT NULL,
  create_time TIMESTAMP NOT NULL,
  start_time TIMESTAMP,
  end_time TIMESTAMP,
  revision BIGINT NOT NULL,
  record VARCHAR NOT NULL
);
COMMENT ON TABLE generations IS 'Runs of the cycle, each at its latest revision.';
COMMENT ON COLUMN generations.id IS 'generations/{id}';
COMMENT ON COLUMN generations.model IS 'Model of the first round.';
COMMENT ON COLUMN generations.first_image IS 'The best image, which people review; empty where there is none.';
COMMENT ON COLUMN generations.record IS 'atelier.gateway.v1.Generation without rounds, as JSON.';

CREATE TABLE rounds (
  generation VARCHAR NOT NULL,
  round INTEGER NOT NULL,
  team VARCHAR NOT NULL,
  project VARCHAR NOT NULL,
  model VARCHAR NOT NULL,
  step VARCHAR NOT NULL,
  accepted BOOLEAN NOT NULL,
  prompt VARCHAR NOT NULL,
  candidates INTEGER NOT NULL,
  micro_usd BIGINT,
  start_time TIMESTAMP,
  end_time TIMESTAMP,
  revision BIGINT NOT NULL
);
COMMENT ON TABLE rounds IS 'Turns of the cycle, by generation and number from 0.';

CREATE TABLE answers (
  generation VARCHAR NOT NULL,
  round INTEGER NOT NULL,
  candidate INTEGER NOT NULL,
  question_id VARCHAR NOT NULL,
  team VARCHAR NOT NULL,
  project VARCHAR NOT NULL,
  image VARCHAR NOT NULL,
  text VARCHAR NOT NULL,
  category VARCHAR NOT NULL,
  required BOOLEAN NOT NULL,
  p_yes DOUBLE,
  p_expected DOUBLE,
  pass_threshold DOUBLE NOT NULL,
  verdict VARCHAR NOT NULL,
  critique VARCHAR NOT NULL,
  judges JSON NOT NULL,
  revision BIGINT NOT NULL
);
COMMENT ON TABLE answers IS 'Judges'' answers on every candidate, not only the best.';
COMMENT ON COLUMN answers.judges IS 'Each judge''s own answer.';

CREATE TABLE usage (
  id VARCHAR NOT NULL,
  team VARCHAR NOT NULL,
  project VARCHAR NOT NULL,
  generation VARCHAR NOT NULL,
  subject_id VARCHAR NOT NULL,
  key_id VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  model VARCHAR NOT NULL,
  units DOUBLE NOT NULL,
  unit VARCHAR NOT NULL,
  unit_price_micro_usd DOUBLE,
  price_version VARCHAR NOT NULL,
  micro_usd BIGINT,
  basis VARCHAR NOT NULL,
  incomplete BOOLEAN NOT NULL,
  event_time TIMESTAMP NOT NULL
);
COMMENT ON TABLE usage IS 'The ledger: one line per step that was paid for or could have been.';

CREATE TABLE reviews (
  id VARCHAR NOT NULL,
  team VARCHAR NOT NULL,
  project VARCHAR NOT NULL,
  image VARCHAR NOT NULL,
  generation VARCHAR NOT NULL,
  decision VARCHAR NOT NULL,
  reasons JSON NOT NULL,
  comment VARCHAR NOT NULL,
  reviewer VARCHAR NOT NULL,
  question_labels JSON NOT NULL,
  create_time TIMESTAMP NOT NULL,
  record VARCHAR NOT NULL
);
COMMENT ON TABLE reviews IS 'People''s decisions on images; all are kept.';
COMMENT ON COLUMN reviews.record IS 'atelier.gateway.v1.Review as JSON.';

CREATE TABLE audit (
  id VARCHAR NOT NULL,
  team VARCHAR NOT NULL,
  actor VARCHAR NOT NULL,
  method VARCHAR NOT NULL,
  resource VARCHAR NOT NULL,
  code VARCHAR NOT NULL,
  request_id VARCHAR NOT NULL,
  event_time TIMESTAMP NOT NULL,
  record VARCHAR NOT NULL
);
COMMENT ON TABLE audit IS 'Administrative acts.';
COMMENT ON COLUMN audit.record IS 'atelier.gateway.v1.AuditEvent as JSON.';

CREATE VIEW latest_reviews AS
SELECT * FROM reviews QUALIFY row_number() OVER (PARTITION BY image ORDER BY create_time DESC, id DESC) = 1;
COMMENT ON VIEW latest_reviews IS 'The decision that counts: the latest on each image.';

CREATE TABLE warehouse_state (built_time TIMESTAMP NOT NULL);
COMMENT ON TABLE warehouse_state IS 'When it was last filled whole from the object store; empty for never.';
