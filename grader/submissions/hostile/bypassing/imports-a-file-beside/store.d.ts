export declare class Store {}
