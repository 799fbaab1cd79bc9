/** What a vendor's scripted API publishes of a model that nobody foresaw, with names of its own for everything. */
export const SKETCHER = {
  url: 'https://replicate.com/acme/sketcher',
  owner: 'acme',
  name: 'sketcher',
  description: 'Draws things with a pencil.',
  visibility: 'public',
  is_official: false,
  license_url: 'https://acme.example/licence',
  run_count: 12,
  default_example: { metrics: { predict_time: 3.2 } },
  latest_version: {
    id: '5f'.repeat(32),
    created_at: '2026-11-01T00:00:00Z',
    cog_version: '0.16.8',
    openapi_schema: {
      openapi: '3.0.2',
      components: {
        schemas: {
          Input: {
            type: 'object',
            title: 'Input',
            required: ['caption', 'paper'],
            properties: {
              caption: { type: 'string', title: 'Caption', 'x-order': 0 },
              negative: { type: 'string', title: 'Negative', default: '', 'x-order': 1 },
              paper: { type: 'string', enum: ['smooth', 'rough'], 'x-order': 2 },
              ratio: { allOf: [{ $ref: '#/components/schemas/ratio' }], default: '1x1', 'x-order': 3 },
              num_samples: { type: 'integer', minimum: 1, maximum: 8, default: 1, 'x-order': 4 },
              cfg_scale: { type: 'number', minimum: 1, maximum: 12, default: 6.5, 'x-order': 5 },
              num_steps: { type: 'integer', minimum: 1, maximum: 60, default: 30, 'x-order': 6 },
              seed: { anyOf: [{ type: 'integer' }, { type: 'null' }], 'x-order': 7 },
              source_image: { type: 'string', format: 'uri', nullable: true, 'x-order': 8 },
              image_strength: {
                type: 'number',
                minimum: 0,
                maximum: 1,
                default: 0.3,
                description: 'How much of the image stays.',
                'x-order': 9,
              },
              mask_image: {
                type: 'string',
                format: 'uri',
                description: 'Black areas are repainted.',
                'x-order': 10,
              },
              format: { allOf: [{ $ref: '#/components/schemas/format' }], default: 'jpg', 'x-order': 11 },
              hardness: { type: 'string', enum: ['2H', 'HB', '2B'], default: 'HB', 'x-order': 12 },
            },
          },
          ratio: { type: 'string', enum: ['1x1', '16x9', '9x16', 'same'] },
          format: { type: 'string', enum: ['jpg', 'png', 'tiff'] },
          Output: { type: 'array', items: { type: 'string', format: 'uri' } },
        },
      },
    },
  },
};
