package io.inmesh.servlet.testing;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/** The servlet containers that tests run on: {@code @EnumSource(ContainerKind.class)}. */
public enum ContainerKind {
    TOMCAT,
    JETTY;

    /** A container of this kind, to be described and started. */
    public ContainerSettings container() {
        return new ContainerSettings(this);
    }

    /** Each kind with each kind of request threads that this JDK has: {@code (ContainerKind, boolean virtualThreads)}. */
    public static List<Arguments> withEachKindOfThreads() {
        List<Arguments> all = new ArrayList<>();
        for (ContainerKind kind : values()) {
            all.add(Arguments.of(kind, false));
            if (Runtime.version().feature() >= 21) {
                all.add(Arguments.of(kind, true));
            }
        }
        return all;
    }
}
