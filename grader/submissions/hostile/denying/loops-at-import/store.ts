for (;;);

export class Store {}
