export class Compacted {
  static shadowed = true
}
