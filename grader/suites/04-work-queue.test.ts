// The parts declare their checks while they are imported, in this order.
import './04-work-queue/keys.ts'
import './04-work-queue/workers.ts'
import './04-work-queue/delays.ts'
import './04-work-queue/back-off.ts'
import './04-work-queue/shut-down.ts'
