/**
 * The cached table: which objects are watched for whom, and what is told of each service.
 *
 * <p>The way of an EndpointSlice, station by station, from a line of a watch to whoever asked for the service:
 *
 * <pre>{@code
 * inmesh-watch-endpointslices, one thread for each watch
 *     WatchLoop.hear               takes one event after the other
 *     EventStream.next             waits for a line of the watch
 *     EventParser.parse            the line's type and object
 *     EndpointSliceFields.read     -> EndpointSlice
 *     WatchLoop.take               -> by the type of the event
 *     KnownState.apply             is it news?            map 1: KnownObjects, what this watch has told
 *     Reflector.tell               unless it is closed
 *     Inbox.applied                                       map 2: the newest of each object not yet taken in
 *         |  one task, unless one waits already
 * inmesh-kubernetes-table, one thread for each table
 *     TableThread.run
 *     SelectedObjects.takeIn       all that is in the inbox
 *     SelectedObjects.apply        before and after       map 3: the objects of the selection
 *     EndpointFeed.sliceChanged    -> its service         map 4: the same slices, by service
 *     EndpointTable.changed        -> dirty, if anybody wants it
 *     EndpointTable.flush
 *         |  one task behind those that wait, unless one waits already: each service is mapped once
 *     TableThread.run
 *     EndpointTable.tellChanges    each service that is dirty
 *     TableEntry.refresh           is enough known to tell?
 *     TableEntry.known
 *     Scope.map                    with pods, Nodes and WorkloadEntries as they are now
 *     ServiceMapper.map            pure
 *     EndpointMerge                all slices of the service -> ServiceEndpoints
 *     MovingEndpoints.settle       with those that are in no slice for a moment
 *     TableEntry.tell              to each subscriber (and to the snapshot file)
 *     Subscriber.tell              unless it is what was told last; -> the Mailbox of mesh-core
 * }</pre>
 *
 * <p>There are four maps, each for a question that the others cannot answer. Those of the watch and of the table hold the
 * same objects, by reference, each for its own thread: a watch compares with what it has told, while the table may
 * already, or still, use the objects of another watch of the same resource. The inbox holds only what the table has not
 * taken in, so that a storm of events takes no more memory than the objects. An event of a deletion names the slice and
 * not its service, so slices are kept by both names. Objects of other resources lack the fourth map and go from {@code
 * SelectedObjects.apply} to one of {@code EndpointTable}'s methods for what has changed, or to {@code
 * WorkloadFeed.refresh}.
 *
 * <p>Three types are locked, each for a few steps: {@code Inbox} between a watch and the table, {@code Subscriber} between
 * the table and whoever leaves, {@code SavedPart} between the table and the writer of the snapshot file.
 */
@NullMarked
package io.inmesh.kubernetes.internal.table;

import org.jspecify.annotations.NullMarked;
