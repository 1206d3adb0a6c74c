package io.inmesh.spring.boot.soak;

import static io.inmesh.spring.boot.soak.Disturbance.INTERRUPT;
import static io.inmesh.spring.boot.soak.Disturbance.TIMEOUT;
import static io.inmesh.spring.boot.soak.Disturbance.UNCLOSED;

import feign.Request;
import feign.Response;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.cloud.openfeign.FeignClient;
import org.springframework.cloud.openfeign.SpringQueryMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;

/** Interfaces of OpenFeign. Only an interrupt cuts their calls. */
final class FeignClients {
    private static final Set<Disturbance> KNOWN = Set.of(INTERRUPT, TIMEOUT, UNCLOSED);
    private static final Request.Options PATIENT =
            new Request.Options(10, TimeUnit.SECONDS, SoakCall.LONGEST_SECONDS, TimeUnit.SECONDS, true);
    private static final Request.Options HASTY =
            new Request.Options(10, TimeUnit.SECONDS, SoakCall.SHORT_MILLIS, TimeUnit.MILLISECONDS, true);

    private FeignClients() {}

    private static Request.Options options(SoakCall call) {
        return call.is(TIMEOUT) ? HASTY : PATIENT;
    }

    /** What is so of every interface of Feign's. */
    private interface ByFeign extends SoakClient {
        @Override
        default Set<Disturbance> knows() {
            return KNOWN;
        }

        @Override
        default boolean followsToPlainHttp() {
            return false;
        }
    }

    /** What each of the interfaces by name has. */
    interface Named {
        @GetMapping("/{kind}/{id}")
        String get(
                @PathVariable("kind") String kind,
                @PathVariable("id") String id,
                @SpringQueryMap Map<String, String> query,
                Request.Options options);

        @PostMapping("/{kind}/{id}")
        String post(
                @PathVariable("kind") String kind,
                @PathVariable("id") String id,
                @SpringQueryMap Map<String, String> query,
                @RequestBody String body,
                Request.Options options);

        @GetMapping("/{kind}/{id}")
        Response open(@PathVariable("kind") String kind, @PathVariable("id") String id);
    }

    /** By HTTP/1.1. */
    @FeignClient(name = SoakFleet.PLAIN)
    interface PlainByName extends Named {}

    /** By HTTP/2. */
    @FeignClient(name = SoakFleet.H2C)
    interface H2cByName extends Named {}

    /** By HTTP/2 over TLS. */
    @FeignClient(name = "https://" + SoakFleet.TLS)
    interface TlsByName extends Named {}

    /** By name. */
    record ByName(Map<String, Named> services) implements ByFeign {
        static ByName from(BeanFactory beans) {
            return new ByName(Map.of(
                    SoakFleet.PLAIN,
                    beans.getBean(PlainByName.class),
                    SoakFleet.H2C,
                    beans.getBean(H2cByName.class),
                    SoakFleet.TLS,
                    beans.getBean(TlsByName.class)));
        }

        @Override
        public String name() {
            return "OpenFeign by name";
        }

        @Override
        @SuppressWarnings("resource")
        public String call(SoakCall call) {
            Named service = services.get(call.uri().getHost());
            String[] path = call.uri().getPath().split("/", -1);
            if (call.is(UNCLOSED)) {
                service.open(path[1], path[2]);
                return call.text();
            }
            Map<String, String> query = call.is(Disturbance.DEADLINE)
                    ? Map.of("deadline", String.valueOf(SoakCall.SHORT_MILLIS))
                    : Map.of();
            return call.post()
                    ? service.post(path[1], path[2], query, call.text(), options(call))
                    : service.get(path[1], path[2], query, options(call));
        }
    }

    /** The interface by URL. */
    @FeignClient(name = "by-url", url = "http://" + SoakFleet.PLAIN)
    interface Api {
        @GetMapping
        String get(URI uri, Request.Options options);

        @PostMapping
        String post(URI uri, @RequestBody String body, Request.Options options);

        @GetMapping
        Response open(URI uri);
    }

    /** By URL. */
    record ByUrl(Api api) implements ByFeign {
        @Override
        public String name() {
            return "OpenFeign by URL";
        }

        @Override
        @SuppressWarnings("resource")
        public String call(SoakCall call) {
            if (call.is(UNCLOSED)) {
                api.open(call.uri());
                return call.text();
            }
            return call.post() ? api.post(call.uri(), call.text(), options(call)) : api.get(call.uri(), options(call));
        }
    }
}
