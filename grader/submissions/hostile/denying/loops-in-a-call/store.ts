export class Store {
  put() {
    for (;;);
  }
}
