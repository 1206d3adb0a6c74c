package io.inmesh.jmh;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a benchmark method must reach. {@link Benchmarks} reads it and says PASS or FAIL; a benchmark without it is only
 * shown.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Bar {
    /**
     * Method of the same class that does the least that any solution must do; it runs with the same parameters. Empty
     * when only bytes count.
     */
    String floor() default "";

    /** Longest time allowed, as a multiple of the floor's. */
    double times() default Double.POSITIVE_INFINITY;

    /** Longest time allowed, in nanoseconds. */
    double nanos() default Double.POSITIVE_INFINITY;

    /** Bytes that one operation may allocate. */
    double bytes() default 0;
}
