package io.inmesh.internal.subscription;

import io.inmesh.endpoint.ServiceName;

/**
 * A service as it is watched. The two ways are two watches, so that the one in use goes on until the other has answered.
 *
 * @param labels whether its endpoints are told apart by labels
 */
record ServiceKey(ServiceName service, boolean labels) implements Comparable<ServiceKey> {
    /** The same service, watched the other way. */
    ServiceKey sibling() {
        return new ServiceKey(service, !labels);
    }

    @Override
    public int compareTo(ServiceKey other) {
        int byName = service.compareTo(other.service);
        return byName != 0 ? byName : Boolean.compare(labels, other.labels);
    }
}
