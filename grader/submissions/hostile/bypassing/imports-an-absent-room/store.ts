export { WorkQueue as Store } from '#rooms/work-queue'
