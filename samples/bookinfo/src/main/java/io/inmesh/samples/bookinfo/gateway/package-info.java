/** What stands in front of bookinfo. */
@NullMarked
package io.inmesh.samples.bookinfo.gateway;

import org.jspecify.annotations.NullMarked;
