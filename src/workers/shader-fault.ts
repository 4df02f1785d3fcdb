/**
 * A flow shader that compiles and computes wrongly: the line that moves the parameters is missing. For the test that sees
 * the self-test fail. Other shaders come back as they are.
 */
export const withoutALine = (source: string): string => source.replace(/^.*\bstate\[at\] = .*\n/m, '');
