package io.inmesh.spring.boot;

import java.net.URI;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything under {@code mesh.console.}. Binding only.
 *
 * @param enabled Whether there is a page that shows what the mesh does.
 * @param path Where the page is, below the base path of the actuator where that is on a port of its own.
 * @param peers Consoles of other processes, whose calls the graph shows too.
 */
public record ConsoleProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("/mesh") String path,
        @DefaultValue List<URI> peers) {}
