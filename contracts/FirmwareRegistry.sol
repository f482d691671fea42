// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title FirmwareRegistry: which firmware a device model should run, and which images are withdrawn
/// @notice Makers register models. A model's release key publishes manifests, one head per channel; the maker, the
/// release key and the guardian revoke images; auditors attest for or against them.
/// @dev Nobody owns the registry, nothing in it can be upgraded, and it calls no other contract.
///
/// It is written to be read by storage proof (EIP-1186) from outside: a head is exactly two slots, and a model's whole
/// list of revocations is proven by one slot, `Model.revocations`. Manifests and lists lie in events; what the slots
/// hold is enough to check that the events are genuine and complete. `contracts/generated` exports the slots' layout.
///
/// Block numbers in storage are hints for where to look for an event. On chains whose BLOCKNUMBER opcode does not count
/// their own blocks they are of no use; nothing else depends on them.
contract FirmwareRegistry {
    /// @notice The newest release of one channel of a model: two slots.
    /// @param manifestHash keccak256 of the manifest in the `Released` event
    /// @param version MCUboot's version as major:8 | minor:8 | revision:16 | build:32, most significant first
    /// @param seq counts the releases of this channel from 1; 0 means that nothing was published yet
    /// @param minSecurityCounter lowest MCUboot security counter (TLV 0x50) that a device of this model may go back to
    /// @param updatedAt Unix time in seconds of the block that wrote this head
    /// @param blockNumber block that holds the `Released` event
    struct Head {
        bytes32 manifestHash;
        uint64 version;
        uint32 seq;
        uint32 minSecurityCounter;
        uint40 updatedAt;
        uint48 blockNumber;
    }

    /// @notice A registered model. Its name and hardware revision are in `ModelCreated` and committed to by its id.
    /// @param revocations accumulator of the revocation list: starts as the model's id, and each revocation makes it
    /// `keccak256(abi.encode(revocations, digest, reason))`, so a list is complete exactly if it folds to this value
    /// @param maker owner of the model, for ever; may be a multisig; zero if the model is not registered
    /// @param createdBlock block of `ModelCreated`: no event of this model is older
    /// @param releaseKey the account that publishes
    /// @param guardian an account that can revoke and do nothing else; zero if there is none
    /// @param pendingReleaseKey the next release key while a rotation is under way, else zero
    /// @param pendingReadyAt Unix time in seconds from which the pending key can accept, 0 without a rotation
    struct Model {
        bytes32 revocations;
        address maker;
        uint48 createdBlock;
        address releaseKey;
        address guardian;
        address pendingReleaseKey;
        uint40 pendingReadyAt;
    }

    /// @notice What an auditor says of an image.
    enum Verdict {
        None,
        Approved,
        Rejected
    }

    /// @notice An auditor's last word on an image.
    /// @param verdict `None` if this auditor has not spoken
    /// @param attestedAt Unix time in seconds
    /// @param blockNumber block that holds the `Attested` event with the report's address
    struct Attestation {
        Verdict verdict;
        uint40 attestedAt;
        uint48 blockNumber;
    }

    /// @notice A model was registered.
    event ModelCreated(
        bytes32 indexed modelId, address indexed maker, string name, string hardware, address releaseKey, address guardian
    );
    /// @notice A release became the head of its channel.
    /// @dev The hash is data, not a topic: it is cheaper, and the head's block number already finds the event.
    event Released(bytes32 indexed modelId, bytes32 indexed channel, uint32 seq, bytes32 manifestHash, bytes manifest);
    /// @notice An image was withdrawn. The same digest may occur again: readers treat the list as a set.
    event Revoked(bytes32 indexed modelId, bytes32 digest, uint8 reason);
    /// @notice The maker proposed a release key, which can accept from `readyAt` (Unix time in seconds).
    event ReleaseKeyProposed(bytes32 indexed modelId, address indexed releaseKey, uint40 readyAt);
    /// @notice The maker withdrew the proposal.
    event ReleaseKeyCancelled(bytes32 indexed modelId, address indexed releaseKey);
    /// @notice The proposed key took over.
    event ReleaseKeyAccepted(bytes32 indexed modelId, address indexed releaseKey, address indexed previous);
    /// @notice The maker set or removed (zero) the guardian.
    event GuardianSet(bytes32 indexed modelId, address indexed guardian, address indexed previous);
    /// @notice An auditor spoke for or against an image; `uri` is where the report lies.
    event Attested(
        bytes32 indexed modelId, bytes32 indexed digest, address indexed auditor, bool approves, string uri
    );

    /// @notice The rotation delay given to the constructor is 0 or longer than a year.
    error InvalidRotationDelay(uint40 delay);
    /// @notice A model's name or hardware revision has no bytes, or more than `MAX_NAME_BYTES`.
    error InvalidNameLength(uint256 length);
    /// @notice This maker has registered this name and hardware revision before.
    error ModelExists(bytes32 modelId);
    /// @notice No maker has registered this model.
    error UnknownModel(bytes32 modelId);
    /// @notice Only the model's maker may do this.
    error NotMaker(bytes32 modelId, address caller);
    /// @notice Only the model's release key may publish.
    error NotReleaseKey(bytes32 modelId, address caller);
    /// @notice Only the model's maker, release key and guardian may revoke.
    error NotRevoker(bytes32 modelId, address caller);
    /// @notice Only the key that the maker proposed may accept.
    error NotPendingReleaseKey(bytes32 modelId, address caller);
    /// @notice A release key can't be zero, and a proposed one can't be the present one.
    error InvalidReleaseKey(address releaseKey);
    /// @notice The time lock of the rotation has not run out.
    error RotationNotReady(uint40 readyAt);
    /// @notice There is no rotation to cancel.
    error NoRotation(bytes32 modelId);
    /// @notice A manifest has no bytes, or more than `MAX_MANIFEST_BYTES`.
    error InvalidManifestLength(uint256 length);
    /// @notice A release must have a greater version than the head.
    error VersionNotGreater(uint64 head, uint64 given);
    /// @notice A release can't have a lower minimum security counter than the head.
    error SecurityCounterLowered(uint32 head, uint32 given);
    /// @notice An attestation's URI has more than `MAX_URI_BYTES`.
    error InvalidUriLength(uint256 length);

    /// @notice Longest name and longest hardware revision, in bytes of UTF-8.
    uint256 public constant MAX_NAME_BYTES = 64;
    /// @notice Longest manifest in bytes.
    uint256 public constant MAX_MANIFEST_BYTES = 4096;
    /// @notice Longest URI of an attestation in bytes.
    uint256 public constant MAX_URI_BYTES = 512;

    /// @notice Seconds between a release key's proposal and the first moment at which it can accept.
    /// @dev So long a stolen maker key is seen by everybody before it can publish.
    uint40 public immutable ROTATION_DELAY;

    uint8 private constant MAKER = 1;
    uint8 private constant RELEASE_KEY = 2;
    uint8 private constant GUARDIAN = 4;

    mapping(bytes32 modelId => Model) private models;
    mapping(bytes32 modelId => mapping(bytes32 channel => Head)) private heads;
    // The three accounts of `models` the other way round, so that one SLOAD decides who may publish and who may revoke.
    mapping(bytes32 modelId => mapping(address account => uint8 roleBits)) private roles;
    mapping(bytes32 modelId => mapping(bytes32 digest => mapping(address auditor => Attestation))) private attestations;

    /// @param rotationDelay `ROTATION_DELAY` in seconds, from 1 to a year
    constructor(uint40 rotationDelay) {
        if (rotationDelay == 0 || rotationDelay > 365 days) revert InvalidRotationDelay(rotationDelay);
        ROTATION_DELAY = rotationDelay;
    }

    // --- models ---------------------------------------------------------------------------------------------------

    /// @notice Registers a model; the sender is its maker for ever.
    /// @param name model name, 1 to `MAX_NAME_BYTES` bytes of UTF-8
    /// @param hardware hardware revision, 1 to `MAX_NAME_BYTES` bytes of UTF-8
    /// @param releaseKey the account that publishes; may be the maker
    /// @param guardian an account that can revoke; zero for none
    /// @return modelId `modelIdOf(msg.sender, name, hardware)`
    function createModel(string calldata name, string calldata hardware, address releaseKey, address guardian)
        external
        returns (bytes32 modelId)
    {
        _checkName(name);
        _checkName(hardware);
        if (releaseKey == address(0)) revert InvalidReleaseKey(releaseKey);
        modelId = modelIdOf(msg.sender, name, hardware);
        Model storage model = models[modelId];
        if (model.maker != address(0)) revert ModelExists(modelId);

        // Not zero from the start, so that the first revocation costs no more than the others.
        model.revocations = modelId;
        model.maker = msg.sender;
        model.createdBlock = uint48(block.number);
        model.releaseKey = releaseKey;
        roles[modelId][msg.sender] = MAKER;
        roles[modelId][releaseKey] |= RELEASE_KEY;
        if (guardian != address(0)) {
            model.guardian = guardian;
            roles[modelId][guardian] |= GUARDIAN;
        }
        emit ModelCreated(modelId, msg.sender, name, hardware, releaseKey, guardian);
    }

    /// @notice Sets the guardian, at once. Only the maker.
    /// @param guardian zero removes it
    function setGuardian(bytes32 modelId, address guardian) external {
        Model storage model = _ownModel(modelId);
        address previous = model.guardian;
        if (previous != address(0)) roles[modelId][previous] &= ~GUARDIAN;
        if (guardian != address(0)) roles[modelId][guardian] |= GUARDIAN;
        model.guardian = guardian;
        emit GuardianSet(modelId, guardian, previous);
    }

    // --- the release key's rotation ---------------------------------------------------------------------------------

    /// @notice Proposes the next release key. Only the maker. A second proposal replaces the first and starts the delay
    /// anew; the present key publishes until the new one accepts.
    function proposeReleaseKey(bytes32 modelId, address newKey) external {
        Model storage model = _ownModel(modelId);
        if (newKey == address(0) || newKey == model.releaseKey) revert InvalidReleaseKey(newKey);
        uint40 readyAt = uint40(block.timestamp) + ROTATION_DELAY;
        model.pendingReleaseKey = newKey;
        model.pendingReadyAt = readyAt;
        emit ReleaseKeyProposed(modelId, newKey, readyAt);
    }

    /// @notice Takes over as release key. Only the proposed key, which so shows that somebody holds it, and not before
    /// the delay has passed.
    function acceptReleaseKey(bytes32 modelId) external {
        Model storage model = models[modelId];
        if (msg.sender != model.pendingReleaseKey) revert NotPendingReleaseKey(modelId, msg.sender);
        uint40 readyAt = model.pendingReadyAt;
        if (block.timestamp < readyAt) revert RotationNotReady(readyAt);
        address previous = model.releaseKey;
        roles[modelId][previous] &= ~RELEASE_KEY;
        roles[modelId][msg.sender] |= RELEASE_KEY;
        model.releaseKey = msg.sender;
        model.pendingReleaseKey = address(0);
        model.pendingReadyAt = 0;
        emit ReleaseKeyAccepted(modelId, msg.sender, previous);
    }

    /// @notice Ends a rotation before it is accepted. Only the maker: a stolen release key must not be able to stay.
    function cancelReleaseKey(bytes32 modelId) external {
        Model storage model = _ownModel(modelId);
        address pending = model.pendingReleaseKey;
        if (pending == address(0)) revert NoRotation(modelId);
        model.pendingReleaseKey = address(0);
        model.pendingReadyAt = 0;
        emit ReleaseKeyCancelled(modelId, pending);
    }

    // --- releases -----------------------------------------------------------------------------------------------------

    /// @notice Makes a release the head of a channel. Only the release key.
    /// @param channel name of the channel in ASCII, left-aligned and filled with zeros, as in `bytes32("stable")`
    /// @param version packed as in `Head`, greater than the head's; the first release of a channel may have any
    /// @param minSecurityCounter not lower than the head's
    /// @param manifest 1 to `MAX_MANIFEST_BYTES` bytes; the registry does not look into it
    function publish(
        bytes32 modelId,
        bytes32 channel,
        uint64 version,
        uint32 minSecurityCounter,
        bytes calldata manifest
    ) external {
        if (roles[modelId][msg.sender] & RELEASE_KEY == 0) revert NotReleaseKey(modelId, msg.sender);
        if (manifest.length == 0 || manifest.length > MAX_MANIFEST_BYTES) revert InvalidManifestLength(manifest.length);

        Head storage head = heads[modelId][channel];
        uint32 seq = head.seq;
        uint64 headVersion = head.version;
        uint32 headCounter = head.minSecurityCounter;
        if (seq != 0) {
            if (version <= headVersion) revert VersionNotGreater(headVersion, version);
            if (minSecurityCounter < headCounter) revert SecurityCounterLowered(headCounter, minSecurityCounter);
        }

        seq += 1;
        bytes32 manifestHash = keccak256(manifest);
        head.manifestHash = manifestHash;
        head.version = version;
        head.seq = seq;
        head.minSecurityCounter = minSecurityCounter;
        head.updatedAt = uint40(block.timestamp);
        head.blockNumber = uint48(block.number);
        emit Released(modelId, channel, seq, manifestHash, manifest);
    }

    /// @notice Withdraws an image, in every channel and for ever. Only the maker, the release key and the guardian.
    /// @param digest MCUboot's TLV hash of the image; of a hash longer than 32 bytes its SHA-256
    /// @param reason for the reader; the registry gives it no meaning
    function revoke(bytes32 modelId, bytes32 digest, uint8 reason) external {
        if (roles[modelId][msg.sender] == 0) revert NotRevoker(modelId, msg.sender);
        Model storage model = models[modelId];
        model.revocations = keccak256(abi.encode(model.revocations, digest, reason));
        emit Revoked(modelId, digest, reason);
    }

    // --- auditors -----------------------------------------------------------------------------------------------------

    /// @notice Says something of an image, as an auditor. Anyone may: readers choose whom they listen to. A later word
    /// of the same auditor replaces the earlier.
    /// @param digest as in `revoke`
    /// @param uri where the report lies, at most `MAX_URI_BYTES` bytes; may be empty
    function attest(bytes32 modelId, bytes32 digest, bool approves, string calldata uri) external {
        if (models[modelId].maker == address(0)) revert UnknownModel(modelId);
        if (bytes(uri).length > MAX_URI_BYTES) revert InvalidUriLength(bytes(uri).length);
        attestations[modelId][digest][msg.sender] = Attestation({
            verdict: approves ? Verdict.Approved : Verdict.Rejected,
            attestedAt: uint40(block.timestamp),
            blockNumber: uint48(block.number)
        });
        emit Attested(modelId, digest, msg.sender, approves, uri);
    }

    // --- reading ------------------------------------------------------------------------------------------------------

    /// @notice The id of a maker's model, registered or not.
    function modelIdOf(address maker, string calldata name, string calldata hardware) public pure returns (bytes32) {
        return keccak256(abi.encode(maker, name, hardware));
    }

    /// @notice A model's record; all zero if it is not registered.
    function modelOf(bytes32 modelId) external view returns (Model memory) {
        return models[modelId];
    }

    /// @notice The newest release of a channel; all zero if nothing was published there.
    function headOf(bytes32 modelId, bytes32 channel) external view returns (Head memory) {
        return heads[modelId][channel];
    }

    /// @notice An auditor's last word on an image; all zero if there is none.
    function attestationOf(bytes32 modelId, bytes32 digest, address auditor)
        external
        view
        returns (Attestation memory)
    {
        return attestations[modelId][digest][auditor];
    }

    function _ownModel(bytes32 modelId) private view returns (Model storage model) {
        model = models[modelId];
        if (msg.sender != model.maker) revert NotMaker(modelId, msg.sender);
    }

    function _checkName(string calldata name) private pure {
        uint256 length = bytes(name).length;
        if (length == 0 || length > MAX_NAME_BYTES) revert InvalidNameLength(length);
    }
}
