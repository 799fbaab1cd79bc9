/** A type of a column, in words that every warehouse has. JSON columns are given as values, not as text. */
export type ColumnType =
  | 'VARCHAR'
  | 'JSON'
  | 'BIGINT'
  | 'UBIGINT'
  | 'INTEGER'
  | 'DOUBLE'
  | 'BOOLEAN'
  | 'TIMESTAMP';

/** How records become rows of a table. */
export interface Table {
  readonly name: string;
  /** Columns that tell rows apart. */
  readonly id: readonly string[];
  /** Whether a row with a higher `revision` replaces one with a lower; else what came first stays. */
  readonly isRevised: boolean;
  readonly columns: Readonly<Record<string, ColumnType>>;
}

const OWNER = { team: 'VARCHAR', project: 'VARCHAR' } as const;

/** The tables, in the order in which they are filled. The migrations say what each column means. */
export const TABLES = {
  images: {
    name: 'images',
    id: ['id'],
    isRevised: true,
    columns: {
      id: 'VARCHAR',
      ...OWNER,
      generation: 'VARCHAR',
      subject_id: 'VARCHAR',
      labels: 'JSON',
      origin: 'VARCHAR',
      model: 'VARCHAR',
      prompt: 'VARCHAR',
      seed: 'BIGINT',
      round: 'INTEGER',
      candidate_key: 'VARCHAR',
      uri: 'VARCHAR',
      stable_url: 'VARCHAR',
      sha256: 'VARCHAR',
      received_sha256: 'VARCHAR',
      perceptual_hash: 'UBIGINT',
      media_type: 'VARCHAR',
      size_bytes: 'BIGINT',
      width: 'INTEGER',
      height: 'INTEGER',
      create_time: 'TIMESTAMP',
      delete_time: 'TIMESTAMP',
      revision: 'BIGINT',
      record: 'VARCHAR',
    },
  },
  generations: {
    name: 'generations',
    id: ['id'],
    isRevised: true,
    columns: {
      id: 'VARCHAR',
      ...OWNER,
      subject_id: 'VARCHAR',
      labels: 'JSON',
      task: 'VARCHAR',
      model: 'VARCHAR',
      template_version: 'VARCHAR',
      rubric_version: 'VARCHAR',
      state: 'VARCHAR',
      outcome: 'VARCHAR',
      stop_reason: 'VARCHAR',
      rounds: 'INTEGER',
      results: 'INTEGER',
      approved_results: 'INTEGER',
      first_image: 'VARCHAR',
      micro_usd: 'BIGINT',
      cost_incomplete: 'BOOLEAN',
      create_time: 'TIMESTAMP',
      start_time: 'TIMESTAMP',
      end_time: 'TIMESTAMP',
      revision: 'BIGINT',
      record: 'VARCHAR',
    },
  },
  rounds: {
    name: 'rounds',
    id: ['generation', 'round'],
    isRevised: true,
    columns: {
      generation: 'VARCHAR',
      round: 'INTEGER',
      ...OWNER,
      model: 'VARCHAR',
      step: 'VARCHAR',
      accepted: 'BOOLEAN',
      prompt: 'VARCHAR',
      candidates: 'INTEGER',
      micro_usd: 'BIGINT',
      start_time: 'TIMESTAMP',
      end_time: 'TIMESTAMP',
      revision: 'BIGINT',
    },
  },
  answers: {
    name: 'answers',
    id: ['generation', 'round', 'candidate', 'question_id'],
    isRevised: true,
    columns: {
      generation: 'VARCHAR',
      round: 'INTEGER',
      candidate: 'INTEGER',
      question_id: 'VARCHAR',
      ...OWNER,
      image: 'VARCHAR',
      text: 'VARCHAR',
      category: 'VARCHAR',
      required: 'BOOLEAN',
      p_yes: 'DOUBLE',
      p_expected: 'DOUBLE',
      pass_threshold: 'DOUBLE',
      verdict: 'VARCHAR',
      critique: 'VARCHAR',
      judges: 'JSON',
      revision: 'BIGINT',
    },
  },
  usage: {
    name: 'usage',
    id: ['id'],
    isRevised: false,
    columns: {
      id: 'VARCHAR',
      ...OWNER,
      generation: 'VARCHAR',
      subject_id: 'VARCHAR',
      key_id: 'VARCHAR',
      kind: 'VARCHAR',
      model: 'VARCHAR',
      units: 'DOUBLE',
      unit: 'VARCHAR',
      unit_price_micro_usd: 'DOUBLE',
      price_version: 'VARCHAR',
      micro_usd: 'BIGINT',
      basis: 'VARCHAR',
      incomplete: 'BOOLEAN',
      event_time: 'TIMESTAMP',
    },
  },
  reviews: {
    name: 'reviews',
    id: ['id'],
    isRevised: false,
    columns: {
      id: 'VARCHAR',
      ...OWNER,
      image: 'VARCHAR',
      generation: 'VARCHAR',
      decision: 'VARCHAR',
      reasons: 'JSON',
      comment: 'VARCHAR',
      reviewer: 'VARCHAR',
      question_labels: 'JSON',
      create_time: 'TIMESTAMP',
      record: 'VARCHAR',
    },
  },
  audit: {
    name: 'audit',
    id: ['id'],
    isRevised: false,
    columns: {
      id: 'VARCHAR',
      team: 'VARCHAR',
      actor: 'VARCHAR',
      method: 'VARCHAR',
      resource: 'VARCHAR',
      code: 'VARCHAR',
      request_id: 'VARCHAR',
      event_time: 'TIMESTAMP',
      record: 'VARCHAR',
    },
  },
} as const satisfies Record<string, Table>;

/** Name of a table that records are loaded into. */
export type TableName = keyof typeof TABLES;
