/** What {@code check} found: how it is told, what of it is known already, and what comments ask to leave out. */
@NullMarked
package io.inmesh.cli.findings;

import org.jspecify.annotations.NullMarked;
