import type { ObjectOf, StoredKind } from '#kit/api/kinds'

/**
 * Writes Events: what `kubectl describe` shows at the end. It never fails and holds nobody up.
 *
 * Mirrors: `EventRecorder` of k8s.io/client-go/tools/record
 */
export interface EventRecorder {
  /**
   * @param about the object that it happened to
   * @param reason one word, such as `FailedScheduling`
   * @param message a sentence for a person
   */
  event(about: ObjectOf<StoredKind>, type: 'Normal' | 'Warning', reason: string, message: string): void
}
