export { Store } from '../../../../../solutions/store.ts'
