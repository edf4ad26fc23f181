// The parts declare their checks while they are imported, in this order.
import './05-reconcile/informer-events.ts'
import './05-reconcile/informer-failures.ts'
import './05-reconcile/informer-reading.ts'
import './05-reconcile/informer-stop.ts'
import './05-reconcile/keys.ts'
import './05-reconcile/controller.ts'
import './05-reconcile/in-a-world.ts'
