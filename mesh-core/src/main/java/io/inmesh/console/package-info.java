/**
 * The console: what one can look at in a browser. {@link io.inmesh.console.CallStatistics} listens to calls,
 * {@link io.inmesh.console.Console} answers GET requests with a page and with JSON, whatever server they came in at.
 */
@NullMarked
package io.inmesh.console;

import org.jspecify.annotations.NullMarked;
