// The parts declare their checks while they are imported, in this order.
import './02-labels/matching.ts'
import './02-labels/objects.ts'
import './02-labels/texts.ts'
import './02-labels/tokens.ts'
import './02-labels/order.ts'
import './02-labels/refused-texts.ts'
import './02-labels/writing.ts'
import './02-labels/unchanged.ts'
