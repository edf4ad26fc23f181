export class Informer {}
