package io.inmesh.spring.boot;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Properties of a service with two versions: jason goes to v2, everybody else to v1 with {@code /api} in front. */
public final class TwoVersions {
    private TwoVersions() {}

    /** Arguments of an application: those of the service, and more. */
    public static String[] arguments(String service, Backend v1, Backend v2, String... more) {
        List<String> arguments = new ArrayList<>(
                properties(service, v1, v2).map(property -> "--" + property).toList());
        Collections.addAll(arguments, more);
        return arguments.toArray(String[]::new);
    }

    private static Stream<String> properties(String service, Backend v1, Backend v2) {
        return Stream.of(
                        "endpoints[0].address=" + v1.address(),
                        "endpoints[0].labels.version=v1",
                        "endpoints[1].address=" + v2.address(),
                        "endpoints[1].labels.version=v2",
                        "subsets.v1.version=v1",
                        "subsets.v2.version=v2",
                        "routes[0].match[0].headers[0].name=end-user",
                        "routes[0].match[0].headers[0].exact=jason",
                        "routes[0].to[0].subset=v2",
                        "routes[1].match[0].path.prefix=/",
                        "routes[1].to[0].subset=v1",
                        "routes[1].rewrite.path=/api/")
                .map(property -> "mesh.services." + service + "." + property);
    }
}
