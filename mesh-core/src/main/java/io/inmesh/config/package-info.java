/** The SPI that supplies rules, and what it tells: configurations and the problems in them. */
@NullMarked
package io.inmesh.config;

import org.jspecify.annotations.NullMarked;
