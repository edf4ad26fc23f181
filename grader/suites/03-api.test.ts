// The parts declare their checks while they are imported, in this order.
import './03-api/create.ts'
import './03-api/update.ts'
import './03-api/list.ts'
import './03-api/watch.ts'
import './03-api/patch.ts'
import './03-api/delete.ts'
import './03-api/asked.ts'
