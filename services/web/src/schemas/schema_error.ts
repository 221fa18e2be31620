/** What every reader of the schemas throws. */

/** A value is not of its form; `place` is where it stands, `$` being the whole. */
export class SchemaError extends Error {
  readonly place: string;

  constructor(reason: string, place = '') {
    super(place === '' ? reason : `${reason} - at ${place}`);
    this.name = new.target.name;
    this.place = place;
  }
}
