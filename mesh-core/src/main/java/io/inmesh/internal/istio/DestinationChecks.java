package io.inmesh.internal.istio;

import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.MessageText;
import io.inmesh.internal.text.Place;
import java.util.List;

/** Destinations of routes, with their weights. */
final class DestinationChecks {
    private final RuleChecks checks;

    DestinationChecks(RuleChecks checks) {
        this.checks = checks;
    }

    /** Weighted destinations of an HTTP, TLS or TCP route. */
    void weighted(List<Message> routes, Place place) {
        long sum = 0;
        for (Message route : routes) {
            Message destination = route.message("destination");
            if (destination == null) {
                checks.error(route.place(), "the destination is missing", "add destination: {host: …}");
            } else {
                destination(destination);
            }
            if (route.has("headers")) {
                checks.headers().edits(route.message("headers"));
            }
            long weight = route.number("weight");
            if (weight < 0) {
                checks.error(route.place("weight"), "a weight must not be negative", "write 0 or more");
            }
            sum += weight;
        }
        if (routes.size() > 1 && sum == 0) {
            checks.error(place, "the weights add up to 0", "give at least one destination a weight");
        }
    }

    void destination(Message destination) {
        String host = destination.string("host");
        if (host.equals("*")) {
            checks.error(destination.place("host"), "* is not a destination", "name the service");
        } else {
            checks.wildcardHost(host, destination.place("host"));
        }
        String subset = destination.string("subset");
        if (!subset.isEmpty()) {
            subsetName(subset, destination.place("subset"));
        }
        Message port = destination.message("port");
        if (port != null) {
            checks.port(port.number("number"), port.place("number"));
        }
    }

    void subsetName(String name, Place place) {
        if (!NameRules.isDnsLabel(name)) {
            checks.error(
                    place,
                    name.isEmpty() ? "the subset has no name" : MessageText.quote(name) + " is not a name for a subset",
                    "use letters, digits and inner dashes, at most 63");
        }
    }
}
