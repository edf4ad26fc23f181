// The parts declare their checks while they are imported, in this order.
import './01-store/keys.ts'
import './01-store/conditions.ts'
import './01-store/past.ts'
import './01-store/watch.ts'
import './01-store/compaction.ts'
import './01-store/copies.ts'
import './01-store/snapshot.ts'
