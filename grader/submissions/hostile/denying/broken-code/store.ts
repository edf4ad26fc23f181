export class Store { put() { return `${'
{{{{((((
