export * from 'data:text/javascript,export class Store {}'
