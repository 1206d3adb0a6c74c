package io.inmesh.spring.boot.agent;

import static net.bytebuddy.matcher.ElementMatchers.isConstructor;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.namedOneOf;

import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.Arrays;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;

/** An agent as others write them: changes the same classes of Spring at the same methods, and may do so again later. */
public final class SecondAgent {
    private static final String[] CLASSES = {
        "org.springframework.http.client.support.HttpAccessor",
        "org.springframework.web.client.DefaultRestClientBuilder",
        "org.springframework.web.reactive.function.client.DefaultWebClientBuilder",
        "org.springframework.web.reactive.function.client.DefaultWebClient"
    };

    private static Instrumentation jvm;

    private SecondAgent() {}

    /** Called by the JVM. */
    public static void premain(String options, Instrumentation instrumentation) {
        jvm = instrumentation;
        new AgentBuilder.Default()
                .with(AgentBuilder.RedefinitionStrategy.RETRANSFORMATION)
                .disableClassFormatChanges()
                .type(namedOneOf(CLASSES))
                .transform((builder, type, loader, module, domain) -> builder.visit(Advice.to(Count.class)
                        .on(named("createRequest").or(named("build")).or(isConstructor()))))
                .installOn(instrumentation);
    }

    /** Changes the classes again, all that are loaded. */
    static int again() throws UnmodifiableClassException {
        Class<?>[] loaded = Arrays.stream(jvm.getAllLoadedClasses())
                .filter(one -> Arrays.asList(CLASSES).contains(one.getName()))
                .toArray(Class<?>[]::new);
        jvm.retransformClasses(loaded);
        return loaded.length;
    }

    /** Put into each of the methods. */
    static final class Count {
        private Count() {}

        @Advice.OnMethodExit(suppress = Throwable.class)
        static void exit(@Advice.Origin("#t") String type) {
            System.setProperty("counted." + type, String.valueOf(Integer.getInteger("counted." + type, 0) + 1));
        }
    }

    static boolean hasSeen(String type) {
        return Integer.getInteger("counted." + type, 0) > 0;
    }

    static boolean hasSeenAll() {
        return Arrays.stream(CLASSES).allMatch(SecondAgent::hasSeen);
    }
}
