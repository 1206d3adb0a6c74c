/** What all of bookinfo's services share: who answered, and what is handed on to the next service. */
@NullMarked
package io.inmesh.samples.bookinfo.web;

import org.jspecify.annotations.NullMarked;
