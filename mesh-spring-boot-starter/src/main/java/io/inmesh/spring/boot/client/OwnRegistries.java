package io.inmesh.spring.boot.client;

import java.util.Map;

/** What the application's own service registries know, beside the mesh. Thread-safe. */
public interface OwnRegistries {
    /**
     * How many instances of a service each registry knows, by the registry's description. A registry may have to ask a
     * server for it.
     *
     * @param service as a URL names it
     * @return without registries that know none
     */
    Map<String, Integer> instances(String service);
}
