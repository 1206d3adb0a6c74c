package io.inmesh.spring.boot.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.spring.boot.Backend;
import io.inmesh.spring.boot.client.NotMeshed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole programs in JVMs that are started with the agent. */
@Tag("one-boot")
class AgentTest {
    private static final String BY_THE_MESH = "mesh /api/x";
    private static final String PAST_IT = "own /x";
    private static final Predicate<String> ALL = entry -> true;

    private static Backend own;
    private static Backend behind;
    private static AgentJvm beanless;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start(@TempDir Path shared) {
        own = telling("own");
        behind = telling("mesh");
        beanless = run(ALL, BeanlessClients.class, shared, AgentJar.ofTheMesh(shared));
    }

    @AfterAll
    static void stop() {
        own.close();
        behind.close();
    }

    private static Backend telling(String name) {
        Backend backend = Backend.named(name);
        backend.handle(exchange -> backend.answer(
                exchange, 200, name + " " + exchange.getRequestURI().getPath()));
        return backend;
    }

    @Test
    void meshesClientsThatAreNoBeansWhileAContextIsOpen() {
        AgentJvm jvm = beanless;

        assertThat(jvm.remarks()).isEmpty();
        assertThat(jvm.answers()).containsEntry("starting", BY_THE_MESH).containsEntry("starting elsewhere", PAST_IT);
        assertThat(at("before", jvm))
                .hasSize(13)
                .containsOnlyKeys(at("late", jvm).keySet());
        assertThat(at("before", jvm).values()).containsOnly(PAST_IT);
        assertThat(at("early", jvm).values()).hasSize(13).containsOnly(BY_THE_MESH);
        assertThat(at("late", jvm).values()).hasSize(13).containsOnly(BY_THE_MESH);
        assertThat(at("older", jvm).values()).hasSize(13).containsOnly(BY_THE_MESH);
        assertThat(at("after", jvm).values()).hasSize(13).containsOnly(PAST_IT);
        assertThat(at("again", jvm).values()).hasSize(13).containsOnly(BY_THE_MESH);
        assertThat(jvm.answers())
                .containsEntry("intercepted host", "localhost")
                .containsEntry("mock", "mock")
                .containsEntry("factory", "SimpleClientHttpRequestFactory");
    }

    @Test
    void leavesBeansThatAreOptedOutAlone() {
        Map<String, String> beans = at("beans", beanless);

        assertThat(beans.remove("meshed")).isEqualTo(BY_THE_MESH);
        assertThat(beans.values()).as("%s", beans).hasSize(10).containsOnly(PAST_IT);
    }

    @Test
    void doesNothingWithoutTheStarterAndSaysSoOnce() {
        Path starter = AgentJar.source(NotMeshed.class);

        AgentJvm jvm = run(
                entry -> !Path.of(entry).equals(starter), BeanlessClients.class, folder, AgentJar.ofTheMesh(folder));

        assertThat(jvm.remarks())
                .containsExactly(
                        "InMesh agent TEST: mesh-spring-boot-starter is not on the class path of this application,"
                                + " so nothing is changed. Add it, or take -javaagent away");
        assertThat(at("late", jvm).values()).hasSize(13).containsOnly(PAST_IT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void worksBesideAnAgentThatChangesTheSameClasses(boolean first) {
        List<Path> agents =
                new ArrayList<>(List.of(AgentJar.ofTheMesh(folder), AgentJar.of(SecondAgent.class, folder)));
        if (!first) {
            Collections.reverse(agents);
        }

        AgentJvm jvm = run(ALL, TwoAgents.class, folder, agents.toArray(Path[]::new));

        assertThat(jvm.remarks()).isEmpty();
        assertThat(jvm.answers()).containsEntry("seen by the other", "true").containsEntry("changed again", "4");
        assertThat(at("first", jvm).values()).hasSize(3).containsOnly(BY_THE_MESH);
        assertThat(at("then", jvm).values()).hasSize(3).containsOnly(BY_THE_MESH);
    }

    @Test
    void meshesAProgramThatIsStartedAnewInAnotherClassLoader() {
        AgentJvm jvm = run(ALL, Restarts.class, folder, AgentJar.ofTheMesh(folder));

        assertThat(jvm.remarks()).isEmpty();
        for (String run : List.of("--run=first", "--run=second")) {
            assertThat(jvm.answers())
                    .containsEntry(run + " RestTemplate", BY_THE_MESH)
                    .containsEntry(run + " RestClient", BY_THE_MESH)
                    .containsEntry(run + " WebClient", BY_THE_MESH)
                    .containsEntry(run + " closed", PAST_IT);
        }
    }

    @Test
    void startsOnceAndTakesNoOptions() {
        Path jar = AgentJar.ofTheMesh(folder);

        AgentJvm jvm = run(ALL, Restarts.class, folder, Path.of(jar + "=debug"), jar);

        assertThat(jvm.remarks())
                .containsExactly(
                        "InMesh agent TEST: has no options; \"debug\" is ignored. Settings go to the application's"
                                + " properties",
                        "InMesh agent TEST: is named twice on the command line, and started once");
    }

    private static AgentJvm run(Predicate<String> entries, Class<?> program, Path folder, Path... agents) {
        String port = own.address().substring(own.address().indexOf(':') + 1);
        return AgentJvm.run(
                List.of(agents),
                // All that the agent needs is in its jar.
                entries.and(entry -> !AgentJar.CONTENTS.contains(Path.of(entry))),
                program,
                folder,
                List.of(
                        "http://localhost:" + port + "/x",
                        "--mesh.services.localhost.port=" + port,
                        "--mesh.services.localhost.endpoints[0].address=" + behind.address(),
                        "--mesh.services.localhost.routes[0].match[0].path.prefix=/",
                        "--mesh.services.localhost.routes[0].rewrite.path=/api/",
                        "--mesh.clients.exclude=named"));
    }

    private static Map<String, String> at(String moment, AgentJvm jvm) {
        return jvm.answers().entrySet().stream()
                .filter(one -> one.getKey().startsWith(moment + ": "))
                .collect(Collectors.toMap(one -> one.getKey().substring(moment.length() + 2), Map.Entry::getValue));
    }
}
