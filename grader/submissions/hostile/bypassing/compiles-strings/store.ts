export const Store = new Function('return class { async put() {} }')()
