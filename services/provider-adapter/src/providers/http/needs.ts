/** A field that an instance must set, or several ways to do without one another: one of the lists has to be set whole. */
export type Need = string | readonly (readonly string[])[];

/**
 * The fields that are still to be set. Of several ways, what the one lacks that somebody has begun with, else what the
 * first one lacks.
 */
export function missingFields(needs: readonly Need[], isSet: (field: string) => boolean): string[] {
  return needs.flatMap((need) => {
    const ways = (typeof need === 'string' ? [[need]] : need).map((fields) => ({
      lacking: fields.filter((field) => !isSet(field)),
      isBegun: fields.some(isSet),
    }));
    if (ways.some(({ lacking }) => lacking.length === 0)) return [];
    return (ways.find(({ isBegun }) => isBegun) ?? ways[0])?.lacking ?? [];
  });
}
