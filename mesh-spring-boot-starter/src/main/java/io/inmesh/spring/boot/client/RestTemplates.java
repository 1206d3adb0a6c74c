package io.inmesh.spring.boot.client;

import org.jspecify.annotations.Nullable;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.support.HttpAccessor;
import org.springframework.web.client.RestTemplate;

/** RestTemplate and its subclasses, in place. */
final class RestTemplates implements ClientKind {
    private static final String TAKES_NO_FACTORY = " does not take another request factory";

    private final RequestFactories factories;
    private final BalancerPasses passes;

    RestTemplates(RequestFactories factories, BalancerPasses passes) {
        this.factories = factories;
        this.passes = passes;
    }

    @Override
    public boolean is(Object client) {
        return client instanceof RestTemplate;
    }

    @Override
    public Meshed mesh(Object client) {
        RestTemplate template = (RestTemplate) client;
        ClientHttpRequestFactory factory = factory(template);
        if (factory == null) {
            return Meshed.not(client, "its request factory cannot be read");
        }
        Meshed meshed = factories.around(template, factory, wanted -> {
            if (wanted != factory) {
                template.setRequestFactory(wanted);
            }
            passes.around(template);
            return template;
        });
        return meshed.leftAlone() == null && !isMeshed(template)
                ? Meshed.not(client, template.getClass().getName() + TAKES_NO_FACTORY)
                : meshed;
    }

    @Override
    public Meshed leaveAlone(Object client) {
        RestTemplate template = (RestTemplate) client;
        AgentHook.leaveAlone(template);
        ClientHttpRequestFactory factory = factory(template);
        if (factory == null) {
            // A mock, whose calls are counted, or one that cannot be read.
            return Meshed.excluded(template);
        }
        if (RequestFactories.isMeshed(factory)) {
            template.setRequestFactory(MeshClientHttpRequestFactory.withoutMesh(factory));
        }
        BalancerPasses.takeBack(template);
        return isMeshed(template)
                ? Meshed.as(
                        client,
                        "is to be left alone, but was built meshed, and "
                                + template.getClass().getName() + TAKES_NO_FACTORY)
                : Meshed.excluded(template);
    }

    private static boolean isMeshed(RestTemplate template) {
        ClientHttpRequestFactory factory = factory(template);
        return factory != null && RequestFactories.isMeshed(factory);
    }

    /** Without the interceptors, which its getter puts in front of it; null for none that can be read. */
    private static @Nullable ClientHttpRequestFactory factory(RestTemplate template) {
        return Fields.read(HttpAccessor.class, template, "requestFactory") instanceof ClientHttpRequestFactory factory
                ? factory
                : null;
    }
}
